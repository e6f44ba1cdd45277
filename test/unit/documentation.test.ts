import {
  assumptionsTable,
  operationsTable,
} from '../../nodes/ImagineAnything/engine/documentation';
import type { Resource } from '../../nodes/ImagineAnything/engine/operation';

const lamp: Resource = {
  name: 'Lamp',
  operations: [
    {
      name: 'Switch On',
      action: 'Switch on a lamp',
      description: 'Switch on | off,\nas you like',
      endpoint: 'POST /lamps/{lampId}/on',
      repeat: 'idempotent',
    },
    {
      name: 'Get',
      action: 'Get a lamp',
      description: 'Get a lamp',
      endpoint: 'GET /lamps/{lampId}',
      token: 'optional',
    },
  ],
};

const door: Resource = {
  name: 'Door',
  operations: [
    {
      name: 'Ring',
      action: 'Ring at a door',
      description: 'Ring the bell',
      endpoint: 'POST /doors',
      repeat: 'creating',
      token: 'never',
    },
  ],
};

describe('operationsTable', () => {
  const lines = operationsTable([lamp, door]).split('\n');

  it('begins with its headings and ends with a line break', () => {
    expect(lines[0]).toBe('| Resource | Operation | What it does | Call | Credential |');
    expect(lines[1]).toBe('| --- | --- | --- | --- | --- |');
    expect(lines.at(-1)).toBe('');
  });

  it('has a row for each operation, sorted by resource and operation', () => {
    const names = lines.slice(2, -1).map((line) => line.split(' | ').slice(0, 2).join(' '));
    expect(names).toEqual(['| Door Ring', '| Lamp Get', '| Lamp Switch On']);
  });

  it('shows the call as it goes over the wire', () => {
    expect(lines[3]).toContain('| `GET /api/lamps/{lampId}` |');
  });

  it('says which operations need a credential', () => {
    const needs = lines.slice(2, -1).map((line) => line.split(' | ').at(-1));
    expect(needs).toEqual(['no |', 'optional |', 'yes |']);
  });

  it('keeps a description in its cell', () => {
    expect(lines[4]).toContain('| Switch on \\| off, as you like |');
  });
});

describe('assumptionsTable', () => {
  it('has a row for each assumption', () => {
    const table = assumptionsTable([
      { about: 'The colour', assumed: 'Red | blue' },
      { about: 'The size', assumed: '`small`' },
    ]);
    expect(table).toBe(
      [
        '| Left open | Taken for it |',
        '| --- | --- |',
        '| The colour | Red \\| blue |',
        '| The size | `small` |',
        '',
      ].join('\n'),
    );
  });
});
