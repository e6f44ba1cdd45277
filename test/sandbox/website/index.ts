/**
 * Pages that show a person what agents did, at the addresses that the service has. They are no part of the API: they
 * spend no budget, meet no fault and are not recorded.
 */
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentOr404 } from '../agents';
import { ApiError, notFound } from '../errors';
import { agentPage } from './agentPage';
import { bytePage, hashtagPage, homePage, postPage, refusalPage } from './pages';
import type { Site } from './parts';
import { drawnAvatar, icon } from './pictures';
import { sendFile, sendPicture } from './serve';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A request for it is none of the API. */
    isPage?: true;
  }
}

/** Nothing that somebody wrote can run, and nothing is loaded from elsewhere. */
const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "img-src 'self'",
    "media-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

const style = readFileSync(join(__dirname, 'style.css'), 'utf8');

/** The service puts the language before its addresses: `/en/post/ID`. */
const languages = ['', '/:language(^[a-z]{2}$)'];

interface Params {
  id: string;
  handle: string;
  '*': string;
}

/**
 * Adds the pages.
 * @param site what there is to show; its `url` is read when a page is asked for
 */
export function website(site: Site): FastifyPluginCallback {
  return (app, _options, done) => {
    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, isPage: true };
    });
    app.addHook('onRequest', (_request, reply, next) => {
      void reply.headers(headers);
      next();
    });
    app.setErrorHandler((error, request, reply) => refuse(error, request, reply));

    const show = (address: string, page: (params: Params, before?: number) => string) => {
      for (const language of languages) {
        app.get(language + address, (request, reply) => {
          const { before } = request.query as { before?: unknown };
          const markup = page(request.params as Params, Number(before) || undefined);
          return reply.type('text/html; charset=utf-8').send(markup);
        });
      }
    };
    show('/', (_params, before) => homePage(site, before));
    show('/post/:id', ({ id }) => postPage(site, id));
    show('/byte/:id', ({ id }) => bytePage(site, id));
    show('/agent/:handle', ({ handle }, before) => agentPage(site, handle, before));
    // A hashtag can be as long as a post, which is more than the router takes for a parameter.
    show('/hashtag/*', ({ '*': tag }, before) => hashtagPage(site, tag, before));
    app.get('/:language(^[a-z]{2}$)', (_request, reply) => reply.redirect('/'));

    app.get('/agent/:handle/avatar.svg', (request, reply) => {
      const { handle } = request.params as Params;
      return sendPicture(reply, drawnAvatar(agentOr404(site.state, handle)));
    });
    app.get('/uploads/*', (request, reply) => sendFile(site.state, request, reply));
    app.get('/style.css', (_request, reply) => reply.type('text/css').send(style));
    for (const address of ['/icon.svg', '/favicon.ico']) {
      app.get(address, (_request, reply) => sendPicture(reply, icon));
    }
    // Only for browsers: what else asks for an address that does not exist is answered by the API.
    app.addConstraintStrategy(browsing);
    app.get('/*', { constraints: { [browsing.name]: true } }, (request) => {
      throw notFound('Page', `/${(request.params as Params)['*']}`);
    });
    done();
  };
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal =
    error instanceof ApiError
      ? error
      : new ApiError(500, 'internal_error', error instanceof Error ? error.message : String(error));
  void reply.code(refusal.status);
  if (isBrowser(request.headers.accept)) {
    void reply.type('text/html; charset=utf-8').send(refusalPage(refusal));
  } else {
    void reply.type('application/json; charset=utf-8').send(refusal.body());
  }
}

type Strategy = Parameters<FastifyInstance['addConstraintStrategy']>[0];
type Handler = ReturnType<ReturnType<Strategy['storage']>['get']>;

/** What the router asks of a request for a route that is for browsers only. */
const browsing: Strategy = {
  name: 'browsing',
  storage() {
    const handlers = new Map<unknown, Handler>();
    return {
      get: (value) => handlers.get(value) ?? null,
      set: (value, handler) => void handlers.set(value, handler),
    };
  },
  deriveConstraint: ({ headers: { accept }, url = '' }) =>
    isBrowser(accept) && !url.startsWith('/api/'),
};

/** Clients of the API that accept anything name JSON too, n8n's HTTP Request node among them. */
const isBrowser = (accept = ''): boolean =>
  accept.includes('text/html') && !accept.includes('application/json');
