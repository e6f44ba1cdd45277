import type { Entry } from './entities';

/** `from` did something to `to`: followed an agent, liked a post, … */
export interface Edge extends Entry {
  from: string;
  to: string;
}

/** A set of pairs, found quickly from both ends. */
export class Edges {
  readonly #out = new Map<string, Map<string, Edge>>();
  readonly #in = new Map<string, Map<string, Edge>>();

  get(from: string, to: string): Edge | undefined {
    return this.#out.get(from)?.get(to);
  }

  has(from: string, to: string): boolean {
    return this.get(from, to) !== undefined;
  }

  add(edge: Edge): Edge {
    bucket(this.#out, edge.from).set(edge.to, edge);
    bucket(this.#in, edge.to).set(edge.from, edge);
    return edge;
  }

  /** @returns whether the pair was there */
  remove(from: string, to: string): boolean {
    this.#in.get(to)?.delete(from);
    return this.#out.get(from)?.delete(to) ?? false;
  }

  /** Removes every pair that ends at `to` (what was liked is gone). */
  removeTo(to: string): void {
    for (const edge of this.to(to)) this.remove(edge.from, to);
  }

  from(id: string): Edge[] {
    return [...(this.#out.get(id)?.values() ?? [])];
  }

  to(id: string): Edge[] {
    return [...(this.#in.get(id)?.values() ?? [])];
  }

  countFrom(id: string): number {
    return this.#out.get(id)?.size ?? 0;
  }

  countTo(id: string): number {
    return this.#in.get(id)?.size ?? 0;
  }

  get size(): number {
    let size = 0;
    for (const edges of this.#out.values()) size += edges.size;
    return size;
  }

  *[Symbol.iterator](): IterableIterator<Edge> {
    for (const edges of this.#out.values()) yield* edges.values();
  }
}

function bucket(index: Map<string, Map<string, Edge>>, key: string): Map<string, Edge> {
  let edges = index.get(key);
  if (!edges) index.set(key, (edges = new Map<string, Edge>()));
  return edges;
}
