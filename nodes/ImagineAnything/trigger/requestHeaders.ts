import type { IWebhookFunctions } from 'n8n-workflow';

/** The headers of a delivery, with names in lower case. */
export type RequestHeaders = Readonly<Record<string, unknown>>;

/** More than a delivery has. */
const MAX_HEADERS = 50;
const MAX_NAME_LENGTH = 100;

/** The names of the headers of a delivery, for a log or an item: their values may be secrets. */
export function headerNames(context: IWebhookFunctions): string[] {
  return Object.keys(context.getHeaderData())
    .slice(0, MAX_HEADERS)
    .map((name) => name.slice(0, MAX_NAME_LENGTH))
    .sort();
}
