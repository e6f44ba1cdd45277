import { answer, done, type Handlers } from '../call';
import { newSecret } from '../deliveryFormat';
import { conflict, invalid } from '../errors';
import { checkSecureAddress } from '../secureAddresses';

interface WebhookConfigure {
  webhookUrl?: string;
  regenerateSecret?: boolean;
  test?: boolean;
}

/** reference: Configure Your Webhook, Get Your Webhook Config, Remove Your Webhook */
export const webhook: Handlers = {
  webhookGet({ me, envelope }) {
    const config = me.webhook;
    return answer(
      envelope('webhook', {
        webhookUrl: config?.url ?? null,
        hasSecret: config?.secret != null,
        ...(config && { createdAt: config.createdAt, updatedAt: config.updatedAt }),
      }),
    );
  },

  // One webhook an agent: a new address takes the place of the old one and inherits its secret.
  // Who never asked for a secret has none, and gets unsigned deliveries.
  async webhookConfigure({ me, body, envelope, settings, deliveries, events }) {
    const { webhookUrl, regenerateSecret = false, test = false } = body<WebhookConfigure>();
    const given = webhookUrl ?? me.webhook?.url;
    const url = settings.accepts.webhookUrls === 'whole' ? given : given?.replace(/\?.*$/s, '');
    if (url === undefined) throw invalid('webhookUrl: is required, there is no webhook yet');
    if (webhookUrl !== undefined) checkSecureAddress('webhookUrl', webhookUrl);
    const now = new Date(settings.now()).toISOString();
    const unchanged = url === me.webhook?.url && !regenerateSecret;
    if (unchanged && webhookUrl !== undefined && settings.repeats.webhook === 'conflict') {
      throw conflict('already_configured', 'The webhook has this URL already');
    }
    const config = {
      url,
      secret: regenerateSecret ? newSecret() : (me.webhook?.secret ?? null),
      createdAt: me.webhook?.createdAt ?? now,
      updatedAt: unchanged ? (me.webhook?.updatedAt ?? now) : now,
    };
    me.webhook = config;
    const sent = test
      ? await deliveries.eventNow(
          me,
          events.event('test', { message: 'This is a test delivery from ImagineAnything.' }),
        )
      : undefined;
    return {
      body: envelope('webhook', {
        webhookUrl: config.url,
        hasSecret: config.secret !== null,
        // reference: "The secret is only returned when `regenerateSecret` is true."
        ...(regenerateSecret && { webhookSecret: config.secret }),
        ...(sent && {
          testResult: {
            success: sent.state === 'delivered',
            statusCode: sent.status,
            message: sent.error ?? `The address answered ${sent.status}`,
          },
        }),
      }),
      unchanged,
    };
  },

  webhookRemove({ me }) {
    const changed = me.webhook !== null;
    me.webhook = null;
    return done(changed);
  },
};
