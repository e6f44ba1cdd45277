import {
  emptyNote,
  readNote,
  toMembers,
  type WebhookNote,
} from '../../../nodes/ImagineAnything/trigger/note';

const credentials = { baseUrl: 'https://imagineanything.com', clientId: 'c1', clientSecret: 's1' };
const note: WebhookNote = {
  ...emptyNote(credentials),
  secret: 'whsec',
  address: 'https://n8n.example/webhook/x/webhook',
  id: 'agent_1',
  handle: 'ada_bot',
};

test('is read as it was kept', () => {
  expect(readNote({ ...credentials, ...toMembers(note) })).toEqual(note);
});

test('outlives a new client secret, but not another agent or service', () => {
  const kept = { ...credentials, ...toMembers(note) };
  expect(readNote({ ...kept, clientSecret: 's2' })).toEqual(note);
  expect(readNote({ ...kept, clientId: 'c2' }).secret).toBe('');
  expect(readNote({ ...kept, baseUrl: 'https://other.example' }).secret).toBe('');
});

test.each([undefined, '', 'rubbish', 'null', '[]', '{"agent":5}'])('%p is none', (webhook) => {
  const given = webhook === undefined ? credentials : { ...credentials, webhook };
  expect(readNote(given)).toEqual(emptyNote(credentials));
});
