import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What to look for, by a name that says in a failed test what was found. */
export type Wanted = Readonly<Record<string, string | RegExp>>;

/**
 * Looks for texts in everything that an n8n keeps: its log, its database with the journal and with
 * what was deleted from it, binary data, settings.
 * @returns where something was found, as in `.n8n/database.sqlite: the key`
 */
export async function findTraces(userFolder: string, wanted: Wanted): Promise<string[]> {
  const found: string[] = [];
  const look = (place: string, text: string): void => {
    for (const [name, what] of Object.entries(wanted)) {
      const isThere = typeof what === 'string' ? text.includes(what) : what.test(text);
      if (isThere) found.push(`${place}: ${name}`);
    }
  };
  for (const file of await filesIn(userFolder)) {
    look(relative(userFolder, file), await readFile(file, 'latin1'));
  }
  // A text that is longer than what is left of a page of the file stands there in pieces.
  for (const [place, value] of valuesIn(join(userFolder, '.n8n', 'database.sqlite'))) {
    look(place, value);
  }
  return found;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.map(async (entry): Promise<string[]> => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    // The installed package, which is the same whatever n8n was told.
    return entry.isDirectory() && entry.name !== 'node_modules' ? await filesIn(path) : [];
  });
  return (await Promise.all(files)).flat();
}

function valuesIn(databaseFile: string): Array<[place: string, value: string]> {
  const database = new DatabaseSync(databaseFile, { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    return tables.flatMap(({ name }) => {
      const table = String(name);
      const rows = database.prepare(`SELECT * FROM "${table}"`).all();
      return rows.flatMap((row) =>
        Object.entries(row).map(([column, value]): [string, string] => [
          `${table}.${column}`,
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
        ]),
      );
    });
  } finally {
    database.close();
  }
}
