import type { INode } from 'n8n-workflow';

/** n8n's own needs n8n's database; this one keeps entries as that does (n8n 2.41.1, `deduplication-helper`). */
export class Processed {
  readonly rows = new Map<string, unknown[]>();
  fails = 0;

  async checkProcessedAndRecord(
    items: unknown[],
    _scope: unknown,
    context: { node?: INode },
    { maxEntries = Infinity }: { maxEntries?: number },
  ) {
    if (this.fails-- > 0) throw new Error('The row is being made by another execution');
    const id = context.node?.id ?? '';
    const row = this.rows.get(id) ?? [];
    const known = new Set(row);
    const found = { new: [] as unknown[], processed: [] as unknown[] };
    for (const item of items) found[known.has(item) ? 'processed' : 'new'].push(item);
    this.rows.set(id, [...row, ...found.new].slice(-maxEntries));
    return found;
  }
}
