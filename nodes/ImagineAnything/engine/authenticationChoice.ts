import type { IExecuteFunctions } from 'n8n-workflow';
import { CREDENTIAL, missingCredential } from '../transport/client';
import { checkValue } from './validate';
import type { Operation } from './operation';
import type { Parameter } from './parameter';

/** Whose requests the node sends: those of the agent of the credential, or nobody's. */
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
      description: 'Use every operation, as the agent of a credential',
    },
    {
      name: 'None',
      value: 'none',
      description: 'Use public operations and Agent: Register, without a credential',
    },
  ],
} satisfies Parameter;

/**
 * When a node has a credential. Where it publishes a workflow or asks for a list, n8n looks at the parameters
 * as they are stored (n8n 2.41.1): one that is not there must not hide the credential.
 */
export const UNLESS_NONE = { hide: { [AUTHENTICATION.name]: ['none'] } };

/**
 * Reads whether the node sends its requests without a credential; it is the same for all items.
 *
 * @param context the functions of the running node
 * @param operation the chosen operation
 * @throws ParameterProblem when the choice is none of the list
 * @throws NodeOperationError when a credential is needed, and there is none
 */
export function readAnonymous(context: IExecuteFunctions, operation: Operation): boolean {
  const node = context.getNode();
  // A workflow that was stored before there was a choice has none.
  const given = context.getNodeParameter(AUTHENTICATION.name, 0, AUTHENTICATION.fallback, {
    skipValidation: true,
  });
  const isAnonymous = isNone(checkValue({ ...AUTHENTICATION, placement: 'required' }, given));
  const needsCredential = isAnonymous
    ? operation.token === undefined
    : !node.credentials?.[CREDENTIAL];
  if (needsCredential) throw missingCredential(node, operation.action, isAnonymous);
  return isAnonymous;
}

/** Whether a value of the choice says that requests go out without a credential. */
export function isNone(value: unknown): boolean {
  return value === 'none';
}
