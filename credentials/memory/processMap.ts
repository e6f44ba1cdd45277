/** A map of bounded size. */
export class BoundedMap<Value> extends Map<string, Value> {
  /** @param max how many entries it keeps; the ones that were set longest ago are dropped */
  constructor(private readonly max: number) {
    super();
  }

  /** Sets an entry and makes it the newest. */
  override set(key: string, value: Value): this {
    this.delete(key);
    super.set(key, value);
    for (const oldest of this.keys()) {
      if (this.size <= this.max) break;
      this.delete(oldest);
    }
    return this;
  }
}

/** All maps of this process that outlive an execution. */
const maps: ProcessMap<unknown>[] = [];

/**
 * A map that outlives an execution: what this process remembers of agents, nodes and runs. Every such state is one, so
 * that it is bounded, and that a test can start as a new process does. It is never released, so only a module creates
 * one.
 */
export class ProcessMap<Value> extends BoundedMap<Value> {
  /** @param max how many entries it keeps; without it, whoever sets an entry also deletes it */
  constructor(max = Infinity) {
    super(max);
    maps.push(this);
  }
}

/** Forgets everything that this process remembers. For tests. */
export function resetProcess(): void {
  for (const map of maps) map.clear();
}
