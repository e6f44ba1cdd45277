import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../nodes/ImagineAnything/engine/operation';
import {
  assumptionsTable,
  operationSections,
  optionsTable,
  resourceLinks,
} from '../../../scripts/documentation';

const streetLamp: Resource = {
  name: 'Street Lamp',
  operations: [
    {
      name: 'Switch On',
      action: 'Switch on lamp',
      description: 'Switch on | off,\nas you like',
      endpoint: 'POST /lamps/{lampId}/on',
      repeat: 'idempotent',
    },
    {
      name: 'Get',
      action: 'Get lamp',
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
      action: 'Ring bell',
      description: 'Ring the bell',
      endpoint: 'POST /doors',
      repeat: 'creating',
      token: 'never',
    },
  ],
};

test('operations have a section for each resource, sorted by resource and operation', () => {
  expect(operationSections([streetLamp, door])).toBe(`## Door

| Operation | What it does | Calls | Credential |
| --- | --- | --- | --- |
| Ring | Ring the bell | \`POST /api/doors\` | no |

## Street Lamp

| Operation | What it does | Calls | Credential |
| --- | --- | --- | --- |
| Get | Get a lamp | \`GET /api/lamps/{lampId}\` | optional |
| Switch On | Switch on \\| off, as you like | \`POST /api/lamps/{lampId}/on\` | yes |
`);
});

test('resources link to their sections', () => {
  expect(resourceLinks([streetLamp, door], 'operations.md')).toBe(
    '[Door](operations.md#door),\n[Street Lamp](operations.md#street-lamp).\n',
  );
});

test('options have a row with their default, and with their choices', () => {
  const options: INodeProperties[] = [
    { displayName: 'Bright', name: 'bright', type: 'boolean', default: true, description: 'Shine' },
    {
      displayName: 'Color',
      name: 'color',
      type: 'options',
      default: 'blue',
      description: 'Of the light',
      options: [
        { name: 'Deep Blue', value: 'blue', description: 'As the sea' },
        { name: 'Red', value: 'red', description: 'As a rose.' },
      ],
    },
  ];
  const collection = { displayName: 'Options', name: 'options', type: 'collection', options };
  expect(optionsTable([{ ...collection, default: {} } as INodeProperties])).toBe(
    [
      '| Option | Default | What it does |',
      '| --- | --- | --- |',
      '| Bright | on | Shine. |',
      '| Color | Deep Blue | Of the light. **Deep Blue**: As the sea. **Red**: As a rose. |',
      '',
    ].join('\n'),
  );
});

test('a node without options has no table of them', () => {
  expect(() => optionsTable([])).toThrow('no collection named options');
});

test('assumptions have a row each, with those who say it', () => {
  expect(
    assumptionsTable([
      { about: 'The color', saidBy: ['reference', 'client'], assumed: 'Red | blue' },
      { about: 'The size', saidBy: ['nobody'], assumed: '`small`' },
    ]),
  ).toBe(
    [
      '| Open | Assumption | Said by |',
      '| --- | --- | --- |',
      "| The color | Red \\| blue | reference, vendor's client |",
      '| The size | `small` | nobody |',
      '',
    ].join('\n'),
  );
});
