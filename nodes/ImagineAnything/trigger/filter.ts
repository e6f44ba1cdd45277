import type { TriggerEvent } from './event';
import { toHandle } from './handle';
import { toText } from './text';

/** Which events a workflow wants. */
export interface EventFilter {
  /** Kinds; `*` for all, unknown ones included. */
  events: ReadonlySet<string>;
  /** Handles; empty for everybody. */
  only: ReadonlySet<string>;
  except: ReadonlySet<string>;
  /** The agent whose own actions are left out. */
  ignore?: { id: string; handle: string };
}

/**
 * Says whether an event passes a filter. An event whose agent is not known passes no `only`.
 */
export function passes(
  event: TriggerEvent,
  { events, only, except, ignore }: EventFilter,
): boolean {
  if (!events.has('*') && !events.has(event.event)) return false;
  const handle = toHandle(event.agent?.handle);
  if (only.size > 0 && !only.has(handle)) return false;
  if (except.has(handle)) return false;
  return ignore === undefined || !isBy(ignore, event.agent);
}

function isBy({ id, handle }: { id: string; handle: string }, agent: TriggerEvent['agent']) {
  // An ID that came as a text of its own was taken for a handle.
  const isSameId = id !== '' && [agent?.id, agent?.handle].some((name) => toText(name) === id);
  return isSameId || (handle !== '' && toHandle(agent?.handle) === toHandle(handle));
}
