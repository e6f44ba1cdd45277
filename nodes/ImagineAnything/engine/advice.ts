import type { Advice } from '../transport/nodeError';

/** What users can do in the editor of the node about what transport finds, in the words of its fields. */
export const ADVICE = {
  rateLimit: 'To wait longer, raise Max Wait for Rate Limit in the options of the node.',
  responseTooLarge: 'If the operation has a Limit, lower it.',
  noCredential: 'Choose or create an ImagineAnything API credential in the node.',
  anonymous: 'Set Authentication to Agent and choose a credential.',
} as const satisfies Advice;

/** What users can do about a list that is too long to be read to its end. */
export const SET_LIMIT = 'Set Limit to read only the first entries.';
