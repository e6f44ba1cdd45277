import type { Parameter } from '../../engine/parameter';
import { validateValue, ParameterError } from '../../engine/validate';
import { isRecord } from '../../../../credentials/http/record';
import { formatValue } from '../../transport/formatValue';
import {
  CONTAINS,
  DEDUPLICATION_WINDOW,
  DOWNLOAD_MEDIA,
  EXCEPT_FROM,
  FETCH_DETAILS,
  IGNORE_OWN_ACTIONS,
  INCLUDE_RAW,
  MATCHES_PATTERN,
  MAXIMUM_AGE,
  MAXIMUM_MEDIA_SIZE,
  ONLY_FROM,
  REPLACE_EXISTING_WEBHOOK,
  REQUEST_TEST_DELIVERY,
  RESPOND,
  ROTATE_SECRET,
  SAMPLE_EVENT,
  VERIFY_DELIVERIES,
} from './optionParameters';
import { readHandles } from './readHandles';
import type { EventType } from '../events/samples';
import { readPattern, readWords, type TextFilter } from '../events/textFilter';

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
  /** What the text of an event has to pass; empty for any. */
  texts: readonly TextFilter[];
  ignoreOwnActions: boolean;
  /** Milliseconds; 0 turns deduplication off. */
  deduplicationWindowMs: number;
  responseMode: ResponseMode;
}

/** The options that apply to an execution. */
export interface ExecutionOptions {
  fetchDetails: boolean;
  includeRaw: boolean;
  downloadMedia: boolean;
  /** Megabytes. */
  maximumMediaSize: number;
  deduplicationWindowMs: number;
  responseMode: ResponseMode;
}

/** The options that apply when n8n registers the webhook. */
export interface RegistrationOptions {
  verification: VerificationMode;
  ignoreOwnActions: boolean;
  replaceExistingWebhook: boolean;
  requestTestDelivery: boolean;
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
    texts: textFiltersIn(values),
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
    includeRaw: flagIn(values, INCLUDE_RAW),
    downloadMedia: flagIn(values, DOWNLOAD_MEDIA),
    maximumMediaSize: numberIn(values, MAXIMUM_MEDIA_SIZE),
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
    requestTestDelivery: flagIn(values, REQUEST_TEST_DELIVERY),
    rotateSecret: flagIn(values, ROTATE_SECRET),
  };
}

/**
 * Reads which sample a test shows instead of listening for an event.
 *
 * @param options the value of the parameter *Options*
 * @returns undefined for none
 * @throws ParameterError when the option is not valid
 */
export function readSampleEvent(options: unknown): EventType | undefined {
  const value = valueIn(toRecord(options), SAMPLE_EVENT) ?? SAMPLE_EVENT.default;
  return value === SAMPLE_EVENT.default ? undefined : (value as EventType);
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

function textFiltersIn(values: OptionValues): TextFilter[] {
  const valueOf = ({ name }: Parameter): unknown =>
    Object.hasOwn(values, name) ? values[name] : '';
  return [
    readWords(CONTAINS.displayName, valueOf(CONTAINS)),
    readPattern(MATCHES_PATTERN.displayName, valueOf(MATCHES_PATTERN)),
  ].filter((filter) => filter !== undefined);
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
