import { without } from '../nodes/ImagineAnything/engine/response';
import { EVENT_TYPES } from '../nodes/ImagineAnything/trigger/events/event';
import { type EventType, sampleOf } from '../nodes/ImagineAnything/trigger/events/samples';

/** The item of a signed delivery, with the default options. */
export function outputSampleOf(type: EventType): Record<string, unknown> {
  const verification = { method: 'signature', form: 'body' };
  return { ...without(sampleOf(type), 'raw'), verification };
}

interface Schema {
  type: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

/**
 * The output schema that n8n shows for nodes that have not run yet (`__schema__/v1.0.0.json`), so that the next node
 * can be configured without waiting for an event. It has the keys of all event types.
 */
export function outputSchema(): Schema & { version: number } {
  const schema = EVENT_TYPES.map((kind) => schemaOf(outputSampleOf(kind))).reduce(merge);
  return { ...schema, version: 1 };
}

function schemaOf(value: unknown): Schema {
  if (Array.isArray(value)) {
    return { type: 'array', items: value.map(schemaOf).reduce(merge, { type: 'string' }) };
  }
  if (value === null) return { type: 'null' };
  if (typeof value !== 'object') return { type: typeof value };
  const entries = Object.entries(value).map(([key, field]) => [key, schemaOf(field)]);
  return { type: 'object', properties: Object.fromEntries(entries) as Record<string, Schema> };
}

/** A field that is null in one sample takes its type from another. */
function merge(a: Schema, b: Schema): Schema {
  if (a.type === 'null' || b.type === 'null') return a.type === 'null' ? b : a;
  if (a.properties === undefined || b.properties === undefined) return a;
  const properties = { ...a.properties };
  for (const [key, schema] of Object.entries(b.properties)) {
    properties[key] = key in properties ? merge(properties[key], schema) : schema;
  }
  return { ...a, properties };
}
