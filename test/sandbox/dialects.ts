/** The forms in which responses are documented; which of them the service uses is not known. */
import type { SandboxOptions } from './options';

/**
 * What sets a sandbox apart from another one that is called the same:
 * - `keyed`: objects under their key, with every documented field
 * - `bare`: objects without a key, with the fields of the reference only
 * - `sdk`: as the vendor's SDK recorded them: objects under their key, `@name`, and the fields that it reads only
 */
export const DIALECTS = {
  keyed: {},
  bare: { envelope: 'bare', fields: 'reference' },
  sdk: { handles: 'at', fields: 'sdk', registered: 'client_id', tokenForm: 'jwt' },
} as const satisfies Record<string, SandboxOptions>;

/** The name of a form of responses. */
export type Dialect = keyof typeof DIALECTS;
