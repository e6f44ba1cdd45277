// First: n8n-core reads it when it is loaded.
import '../engine/support/environment';
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine, type Measure, type Row } from './figures';
import { cancel } from './rows/cancel';
import { latency } from './rows/latency';
import { limits } from './rows/limits';
import { parsers } from './rows/parsers';
import { perItem } from './rows/per-item';
import { upload } from './rows/upload';
import { showTable } from './table';

const ROWS: Readonly<Record<string, Measure>> = {
  'per-item': perItem,
  limits,
  latency,
  cancel,
  parsers,
  upload,
};

const OUTPUT = join(__dirname, 'output');

const report = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { row: { type: 'string', multiple: true } } });
  const names = values.row ?? Object.keys(ROWS);
  const unknown = names.find((name) => !(name in ROWS));
  if (unknown !== undefined) {
    throw new Error(`There is no row "${unknown}". Rows: ${Object.keys(ROWS).join(', ')}.`);
  }
  const { processors, node } = machine();
  const at = new Date().toISOString();
  report(`${processors}, Node.js ${node}, load ${loadavg()[0].toFixed(1)}`);
  const rows: Row[] = [];
  await mkdir(OUTPUT, { recursive: true });
  for (const name of names) {
    try {
      rows.push(...(await ROWS[name](report)));
    } catch (error) {
      // What the other rows took minutes to measure is not lost with this one.
      report(`${name} could not be measured: ${(error as Error).stack}`);
      process.exitCode = 1;
    }
    const content = JSON.stringify({ at, processors, node, rows }, null, 2);
    await writeFile(join(OUTPUT, 'bench.json'), `${content}\n`);
  }
  process.stdout.write(`${showTable(rows)}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exitCode = 1;
});
