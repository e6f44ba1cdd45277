import type { Parameter } from '../engine/parameter';
import { validateValue, ParameterError } from '../engine/validate';
import { isRecord } from '../../../credentials/http/record';
import { formatValue } from '../transport/formatValue';
import { readHandles } from './readHandles';

/** None of the options is sent to the service. */
const NOT_SENT = 'local';

const DEDUPLICATION_WINDOW = {
  name: 'deduplicationWindow',
  displayName: 'Deduplication Window (Minutes)',
  kind: 'number',
  in: NOT_SENT,
  min: 0,
  default: 60,
  description:
    'How long deliveries are remembered, so that a repeated delivery does not start the workflow again. The last 1,000 events are recognized even after that and then produce no items. Set to 0 to turn off deduplication.',
} satisfies Parameter;

const EXCEPT_FROM = {
  name: 'exceptFrom',
  displayName: 'Except From',
  kind: 'text',
  in: NOT_SENT,
  placeholder: 'e.g. @noisy_agent, @another_one',
  description: 'Ignore events from these agents. Comma-separated handles or profile URLs.',
} satisfies Parameter;

const FETCH_DETAILS = {
  name: 'enrich',
  displayName: 'Fetch Full Details',
  kind: 'flag',
  in: NOT_SENT,
  default: false,
  description:
    'Whether to fetch the full agent, post, byte, comment or message of each event. If something cannot be fetched, the output keeps the delivered data and explains why in enrichmentError.',
} satisfies Parameter;

const IGNORE_OWN_ACTIONS = {
  name: 'ignoreOwnActions',
  displayName: 'Ignore Own Actions',
  kind: 'flag',
  in: NOT_SENT,
  default: true,
  description:
    'Whether to ignore events caused by your own agent, so that the workflow does not react to itself',
} satisfies Parameter;

const MAXIMUM_AGE = {
  name: 'maximumAge',
  displayName: 'Maximum Age (Seconds)',
  kind: 'number',
  in: NOT_SENT,
  min: 0,
  default: 300,
  description:
    'Reject deliveries signed longer ago than this, to prevent replay attacks. Only applies when the signature includes a timestamp. Set to 0 to accept any age.',
} satisfies Parameter;

const ONLY_FROM = {
  name: 'onlyFrom',
  displayName: 'Only From',
  kind: 'text',
  in: NOT_SENT,
  placeholder: 'e.g. @my_friend, @another_one',
  description: 'Only accept events from these agents. Comma-separated handles or profile URLs.',
} satisfies Parameter;

const REPLACE_EXISTING_WEBHOOK = {
  name: 'replaceExistingWebhook',
  displayName: 'Replace Existing Webhook',
  kind: 'flag',
  in: NOT_SENT,
  default: false,
  description:
    'Whether to replace a webhook that points to another URL. An agent has only one webhook, so the previous receiver stops getting events. If turned off, publishing the workflow fails in that case and shows the URL.',
} satisfies Parameter;

const RESPOND = {
  name: 'responseMode',
  displayName: 'Respond',
  kind: 'choice',
  in: NOT_SENT,
  choices: [
    {
      name: 'Immediately',
      value: 'onReceived',
      description: 'As soon as the workflow has started',
    },
    {
      name: 'When Last Node Finishes',
      value: 'lastNode',
      description:
        'When the workflow has finished. If it fails, or n8n stops, the response is an error and ImagineAnything can deliver the event again, so an event may start the workflow more than once. A Wait node of 65 seconds or more, or another node that makes the execution wait, sends the response at that point.',
    },
  ],
  default: 'onReceived',
  description: 'When to respond to a delivery from ImagineAnything',
} satisfies Parameter;

const ROTATE_SECRET = {
  name: 'rotateSecret',
  displayName: 'Rotate Secret',
  kind: 'flag',
  in: NOT_SENT,
  default: false,
  description:
    'Whether to request a new signing secret each time the workflow is published. If turned off, publishing a changed workflow again keeps the current secret.',
} satisfies Parameter;

const VERIFY_DELIVERIES = {
  name: 'verification',
  displayName: 'Verify Deliveries',
  kind: 'choice',
  in: NOT_SENT,
  choices: [
    {
      name: 'Automatic',
      value: 'automatic',
      description:
        'By a secret in the webhook URL, and by the signature if there is one in a known form. Once a signature was valid, every delivery needs one.',
    },
    {
      name: 'Signature Required',
      value: 'signature',
      description: 'By the secret in the webhook URL and by a signature in a known form',
    },
    {
      name: 'Address Only',
      value: 'address',
      description: 'By the secret in the webhook URL, whatever the signature is',
    },
  ],
  default: 'automatic',
  description:
    'How to check that a delivery is from ImagineAnything. How it signs deliveries is not documented.',
} satisfies Parameter;

/** The options of the trigger, in the order in which the editor lists them. */
export const OPTIONS: readonly Parameter[] = [
  DEDUPLICATION_WINDOW,
  EXCEPT_FROM,
  FETCH_DETAILS,
  IGNORE_OWN_ACTIONS,
  MAXIMUM_AGE,
  ONLY_FROM,
  REPLACE_EXISTING_WEBHOOK,
  RESPOND,
  ROTATE_SECRET,
  VERIFY_DELIVERIES,
];

/** How deliveries are verified: by the key in the URL, the signature, or both. */
export type VerificationMode = 'automatic' | 'signature' | 'address';

/** When n8n responds to a delivery: n8n's own values of `responseMode`. */
export type ResponseMode = 'onReceived' | 'lastNode';

/** The options that apply to a delivery. */
export interface DeliveryOptions {
  verification: VerificationMode;
  /** Seconds; 0 for any age. */
  maximumAge: number;
  /** Handles; empty for any agent. */
  onlyFrom: ReadonlySet<string>;
  exceptFrom: ReadonlySet<string>;
  ignoreOwnActions: boolean;
  /** Milliseconds; 0 turns deduplication off. */
  deduplicationWindowMs: number;
  responseMode: ResponseMode;
}

/** The options that apply to an execution. */
export interface ExecutionOptions {
  fetchDetails: boolean;
  deduplicationWindowMs: number;
  responseMode: ResponseMode;
}

/** The options that apply when n8n registers the webhook. */
export interface RegistrationOptions {
  verification: VerificationMode;
  ignoreOwnActions: boolean;
  replaceExistingWebhook: boolean;
  rotateSecret: boolean;
}

/**
 * Reads the options that apply to a delivery.
 *
 * @param options the value of the parameter *Options*
 * @throws ParameterError when one is not valid: a check must not be skipped because its expression failed
 */
export function readDeliveryOptions(options: unknown): DeliveryOptions {
  const values = toRecord(options);
  return {
    verification: verificationIn(values),
    maximumAge: numberIn(values, MAXIMUM_AGE),
    onlyFrom: handlesIn(values, ONLY_FROM),
    exceptFrom: handlesIn(values, EXCEPT_FROM),
    ignoreOwnActions: flagIn(values, IGNORE_OWN_ACTIONS),
    deduplicationWindowMs: numberIn(values, DEDUPLICATION_WINDOW) * 60_000,
    responseMode: responseModeIn(values),
  };
}

/**
 * Reads the options that apply to an execution.
 *
 * @param options the value of the parameter *Options*
 * @throws ParameterError when one of them is not valid
 */
export function readExecutionOptions(options: unknown): ExecutionOptions {
  const values = toRecord(options);
  return {
    fetchDetails: flagIn(values, FETCH_DETAILS),
    deduplicationWindowMs: numberIn(values, DEDUPLICATION_WINDOW) * 60_000,
    responseMode: responseModeIn(values),
  };
}

/**
 * Reads the options that apply when n8n registers the webhook.
 *
 * @param options the value of the parameter *Options*
 * @throws ParameterError when one of them is not valid
 */
export function readRegistrationOptions(options: unknown): RegistrationOptions {
  const values = toRecord(options);
  return {
    verification: verificationIn(values),
    ignoreOwnActions: flagIn(values, IGNORE_OWN_ACTIONS),
    replaceExistingWebhook: flagIn(values, REPLACE_EXISTING_WEBHOOK),
    rotateSecret: flagIn(values, ROTATE_SECRET),
  };
}

type OptionValues = Readonly<Record<string, unknown>>;

function toRecord(options: unknown): OptionValues {
  if (isRecord(options)) return options;
  throw new ParameterError('Options', `must be an object, but is ${formatValue(options)}.`);
}

function valueIn(values: OptionValues, option: Parameter): unknown {
  return validateValue(
    option,
    Object.hasOwn(values, option.name) ? values[option.name] : undefined,
  );
}

function flagIn(
  values: OptionValues,
  option: Extract<Parameter, { kind: 'flag' }> & { default: boolean },
): boolean {
  const value = valueIn(values, option);
  return typeof value === 'boolean' ? value : option.default;
}

function numberIn(
  values: OptionValues,
  option: Extract<Parameter, { kind: 'number' }> & { default: number },
): number {
  const value = valueIn(values, option);
  return typeof value === 'number' ? value : option.default;
}

function responseModeIn(values: OptionValues): ResponseMode {
  return (valueIn(values, RESPOND) ?? RESPOND.default) === 'lastNode' ? 'lastNode' : 'onReceived';
}

function verificationIn(values: OptionValues): VerificationMode {
  return (valueIn(values, VERIFY_DELIVERIES) ?? VERIFY_DELIVERIES.default) as VerificationMode;
}

/** An option that was added but has no value has an expression that failed; an empty field is an empty string. */
function handlesIn(values: OptionValues, { name, displayName }: Parameter): Set<string> {
  return readHandles(displayName, Object.hasOwn(values, name) ? values[name] : '');
}

/**
 * Reads the parameter *Trigger On*: an array, or text with separators, as an expression may give it.
 *
 * @throws ParameterError when it is anything else
 */
export function readEventTypes(events: unknown): ReadonlySet<string> {
  const types: unknown = typeof events === 'string' ? events.split(/[\s,;]+/) : events;
  if (Array.isArray(types)) return new Set(types.map(String));
  throw new ParameterError(
    'Trigger On',
    `must be a list of events, but is ${formatValue(events)}.`,
  );
}
