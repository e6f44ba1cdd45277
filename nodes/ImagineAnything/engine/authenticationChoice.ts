import type { IExecuteFunctions } from 'n8n-workflow';
import { CREDENTIAL } from '../transport/client';
import { missingCredential } from '../transport/nodeError';
import { ADVICE } from './advice';
import { validateValue } from './validate';
import type { Operation } from './operation';
import type { Parameter } from './parameter';

/** Whether the node sends its requests as the agent of a credential, or without one. */
export const AUTHENTICATION = {
  name: 'authentication',
  displayName: 'Authentication',
  kind: 'choice',
  in: 'local',
  fallback: 'agent',
  choices: [
    {
      name: 'Agent',
      value: 'agent',
      description: 'Use all operations, as the agent of a credential',
    },
    {
      name: 'None',
      value: 'none',
      description: 'Use public operations and Agent: Register, without a credential',
    },
  ],
} satisfies Parameter;

/**
 * When a node has a credential. To publish a workflow or load a list, n8n reads the parameters as they are stored
 * (n8n 2.41.1): a missing one must not hide the credential, so this is a condition to hide it, not to show it.
 */
export const UNLESS_NONE = { hide: { [AUTHENTICATION.name]: ['none'] } };

/**
 * Reads whether the node sends its requests without a credential; the first item decides for all.
 *
 * @param context the functions of the running node
 * @param operation the chosen operation
 * @throws ParameterError when the value is not one of the choices
 * @throws NodeOperationError when a credential is required, but missing
 */
export function readAnonymous(context: IExecuteFunctions, operation: Operation): boolean {
  const node = context.getNode();
  // A workflow that was stored before there was a choice has none.
  const given = context.getNodeParameter(AUTHENTICATION.name, 0, AUTHENTICATION.fallback, {
    skipValidation: true,
  });
  const isAnonymous = isNone(validateValue({ ...AUTHENTICATION, placement: 'required' }, given));
  const needsCredential = isAnonymous
    ? operation.token === undefined
    : !node.credentials?.[CREDENTIAL];
  if (needsCredential) {
    const advice = isAnonymous ? ADVICE.anonymous : ADVICE.noCredential;
    throw missingCredential(node, operation.action, advice);
  }
  return isAnonymous;
}

/** Whether the value of *Authentication* means no credential. */
export function isNone(value: unknown): boolean {
  return value === 'none';
}
