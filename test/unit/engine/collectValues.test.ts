import {
  collectFrom,
  collectValues,
  limitOf,
  NOT_GIVEN,
} from '../../../nodes/ImagineAnything/engine/collectValues';
import type { Operation } from '../../../nodes/ImagineAnything/engine/operation';

const texts = { name: 'Do', action: 'Do', description: 'Do' };

const update: Operation = {
  ...texts,
  endpoint: 'PATCH /things/{id}',
  repeat: 'idempotent',
  parameters: [
    { name: 'id', displayName: 'ID', kind: 'id', in: 'path', placement: 'required' },
    { name: 'title', displayName: 'Title', kind: 'text', in: 'body' },
    { name: 'wait', displayName: 'Wait', kind: 'number', in: 'local', min: 0, fallback: 7 },
  ],
};

const create: Operation = {
  ...texts,
  endpoint: 'POST /things',
  repeat: 'creating',
  atLeastOne: ['text', 'file'],
  parameters: [
    { name: 'text', displayName: 'Text', kind: 'text', in: 'body', placement: 'field' },
    { name: 'file', displayName: 'File ID', kind: 'id', in: 'body', essential: true },
  ],
};

const list: Operation = {
  ...texts,
  endpoint: 'GET /things',
  response: { kind: 'list', key: 'things' },
};

describe('the values of an operation', () => {
  it('have the fallback of a parameter that was not given, and of one that came to nothing', async () => {
    const values = await collectFrom(update, { id: 'a', title: 'b' });
    expect(Object.fromEntries(values)).toEqual({ id: 'a', title: 'b', wait: 7 });
    const emptied = await collectFrom(update, { id: 'a', title: 'b', wait: '' }).catch(String);
    expect(emptied).toContain('Wait: is empty');
    const zero = await collectFrom(update, { id: 'a', title: 'b', wait: 0 });
    expect(zero.get('wait')).toBe(0);
  });

  it('are refused when a required one is missing', async () => {
    await expect(collectFrom(update, { title: 'b' })).rejects.toThrow('ID: is empty.');
  });

  it('are refused when an update has nothing to update', async () => {
    await expect(collectFrom(update, { id: 'a', wait: 1 })).rejects.toThrow(
      'Update Fields: there is nothing to update. Add at least one field.',
    );
  });

  it('leave out a flag that is off and says so by not being sent', async () => {
    const mark: Operation = {
      ...texts,
      endpoint: 'POST /things/read',
      repeat: 'idempotent',
      parameters: [
        {
          ...{ name: 'all', displayName: 'All', kind: 'flag', in: 'body', placement: 'required' },
          onlyTrue: true,
        },
      ],
    };
    expect((await collectFrom(mark, { all: false })).size).toBe(0);
    expect((await collectFrom(mark, { all: true })).get('all')).toBe(true);
    await expect(collectFrom(mark, {})).rejects.toThrow('All: is required');
  });

  it('may clear a field in an update', async () => {
    const values = await collectFrom(update, { id: 'a', title: '' });
    expect(values.get('title')).toBe('');
  });

  it('are refused when none is given of which one is needed', async () => {
    await expect(collectFrom(create, {})).rejects.toThrow(
      'Text, File ID: at least one of these fields is required.',
    );
  });

  it('are refused when one was added and comes to nothing where that matters', async () => {
    const read = ({ name }: { name: string }) => (name === 'text' ? 'a' : undefined);
    await expect(collectValues(create, read)).rejects.toThrow('File ID: is empty.');
    await expect(
      collectValues(create, ({ name }) => (name === 'text' ? 'a' : NOT_GIVEN)),
    ).resolves.toEqual(new Map([['text', 'a']]));
  });
});

describe('the limit of a list', () => {
  const limit = async (given: Record<string, unknown>) => limitOf(await collectFrom(list, given));

  it('is 50 unless said otherwise', async () => expect(await limit({})).toBe(50));

  it('is the number that is given', async () => expect(await limit({ limit: 3 })).toBe(3));

  it('counts for nothing when all are wanted', async () =>
    expect(await limit({ returnAll: true, limit: 3 })).toBe(Infinity));

  it('must be a whole number of at least 1', async () => {
    await expect(limit({ limit: 0 })).rejects.toThrow('Limit: is 0');
    await expect(limit({ limit: 1.5 })).rejects.toThrow('Limit: must be a whole number');
  });

  it('is none for what is no list', async () => {
    expect(limitOf(await collectFrom(update, { id: 'a', title: 'b' }))).toBe(Infinity);
  });
});
