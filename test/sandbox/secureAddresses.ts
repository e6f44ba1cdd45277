/** Addresses that the service takes with HTTPS only. */
import type { ContractOperation, JsonSchema } from '../contract/load';
import { invalid } from './errors';

/** Fields of requests that the service takes HTTPS addresses in only. */
const SECURE: Readonly<Record<string, string>> = {
  webhookConfigure: 'webhookUrl',
  articleCreate: 'coverImageUrl',
  articleUpdate: 'coverImageUrl',
};

/**
 * A sandbox takes plain HTTP on this machine as well: there is no certificate for a test. `checkSecureAddress` refuses
 * what is neither.
 */
export function allowLoopback(operation: ContractOperation): void {
  const field = SECURE[operation.operationId] ?? '';
  const schema = operation.requestBody?.content['application/json']?.schema;
  const properties = schema?.properties as Record<string, JsonSchema> | undefined;
  if (properties?.[field]) {
    properties[field] = { ...properties[field], pattern: '^https?://' };
  }
}

/** @throws ApiError 400 for an address that is neither HTTPS nor on this machine, where tests have no certificate */
export function checkSecureAddress(field: string, address: string): void {
  const { protocol, hostname } = new URL(address);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback)) {
    throw invalid(`${field}: must be an HTTPS address`);
  }
}
