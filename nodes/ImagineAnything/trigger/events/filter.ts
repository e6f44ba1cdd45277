import { normalizeHandle } from '../../engine/handle';
import type { TriggerEvent } from './event';
import { TEST } from './eventType';
import { toText } from '../text';
import { type TextFilter, textOf } from './textFilter';
import type { AgentIdentity } from '../webhook/webhookState';

/** Which events start the workflow. */
export interface EventFilter {
  /** Event types; `*` for all, including unknown ones. */
  events: ReadonlySet<string>;
  /** Handles; empty for any agent. */
  onlyFrom: ReadonlySet<string>;
  exceptFrom: ReadonlySet<string>;
  /** The agent whose own actions are ignored. */
  ignoredAgent?: AgentIdentity;
  /** What the text of the event has to pass; an event without a text passes none. */
  texts?: readonly TextFilter[];
  /** Whether the editor listens for a test event. */
  isListening?: boolean;
}

/** Whether an event passes a filter. An event without a known agent fails any `onlyFrom`. */
export function matchesFilter(
  event: TriggerEvent,
  { events, onlyFrom, exceptFrom, ignoredAgent, texts = [], isListening = false }: EventFilter,
): boolean {
  if (event.event === TEST && isListening) return true;
  // A test delivery starts a published workflow only if the user asked for it.
  const isSelected = events.has(event.event) || (events.has('*') && event.event !== TEST);
  if (!isSelected) return false;
  const handle = normalizeHandle(event.agent?.handle);
  if (onlyFrom.size > 0 && !onlyFrom.has(handle)) return false;
  if (exceptFrom.has(handle)) return false;
  if (ignoredAgent !== undefined && isActor(ignoredAgent, event)) return false;
  if (texts.length === 0) return true;
  const text = textOf(event);
  return text !== undefined && texts.every((passes) => passes(text));
}

function isActor({ id, handle }: AgentIdentity, { agent }: TriggerEvent): boolean {
  // An ID delivered as plain text was read as a handle.
  const isSameId = id !== '' && [agent?.id, agent?.handle].some((value) => toText(value) === id);
  return isSameId || (handle !== '' && normalizeHandle(agent?.handle) === normalizeHandle(handle));
}
