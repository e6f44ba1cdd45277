import http from 'node:http';
import https from 'node:https';

import axios, { type AxiosRequestConfig } from 'axios';
import type { IHttpRequestOptions } from 'n8n-workflow';

import { buildAxiosConfigFromLegacyRequest } from '../../../node_modules/@n8n/backend-network/dist/http/axios/legacy';
import { convertN8nRequestToAxios } from '../../../node_modules/@n8n/backend-network/dist/http/axios/request';

/** Where a request goes. */
export interface Connection {
  /** Of the server, or of the proxy, that is connected to. */
  origin: string;
  /** As they are sent, by names in lower case. */
  headers: Record<string, string>;
  maxRedirects?: number;
}

interface Options extends https.RequestOptions {
  agent: http.Agent & { proxy?: URL };
}

/**
 * Finds out where n8n's two request helpers go with these options, by running them: their own code makes
 * the configuration, axios the request, and Node.js the connection, up to the moment that it is opened.
 *
 * @returns nothing for a helper that opens no connection
 */
export async function connectionsOf(options: IHttpRequestOptions): Promise<Connection[]> {
  const configs = [
    async () => convertN8nRequestToAxios({ ...options } as never),
    async () => await buildAxiosConfigFromLegacyRequest({ ...options } as never),
  ];
  const connections = await Promise.all(configs.map(connectionOf));
  return connections.filter((each) => each !== undefined);
}

async function connectionOf(
  configure: () => Promise<AxiosRequestConfig>,
): Promise<Connection | undefined> {
  let connection: Connection | undefined;
  const transport = {
    request(given: Options, onResponse: () => void): http.ClientRequest {
      const { agent, protocol } = given;
      const note = (origin: string): never => {
        const headers = Object.entries(given.headers ?? {}).map(([name, value]) => [
          name.toLowerCase(),
          String(value),
        ]);
        connection = { origin, headers: Object.fromEntries(headers) as Record<string, string> };
        throw new Error('Far enough');
      };
      if (agent.proxy !== undefined) note(agent.proxy.origin);
      Object.assign(agent, {
        createConnection: ({ host, port, path }: { host: string; port: string; path?: string }) =>
          note(path ? `unix:${path}` : originOf(String(protocol), host, port)),
      });
      return (protocol === 'https:' ? https : http).request(given, onResponse);
    },
  };
  try {
    const config = await configure();
    const { maxRedirects } = config;
    // n8n sets it for all requests.
    await axios({ ...config, proxy: false, transport }).catch(() => {});
    return connection && { ...connection, maxRedirects };
  } catch {
    return undefined;
  }
}

function originOf(protocol: string, host: string, port: string): string {
  return new URL(`${protocol}//${host.includes(':') ? `[${host}]` : host}:${port}`).origin;
}
