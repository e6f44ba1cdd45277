import type { FunctionsBase } from 'n8n-workflow';
import { isClosing, nodeKey, openSession } from '../../../nodes/ImagineAnything/trigger/session';

const node = (id: string, workflow = 'workflow') =>
  ({
    getNode: () => ({ id }),
    getWorkflow: () => ({ id: workflow }),
  }) as unknown as FunctionsBase;

const later = (ms: number): number => Date.now() + ms;

test('a node is named across workflows', () => {
  expect(nodeKey(node('a'))).not.toBe(nodeKey(node('a', 'another')));
  expect(nodeKey(node('a'))).not.toBe(nodeKey(node('b')));
});

test('deliveries are left to the next n8n once a trigger is closed, for as long as n8n may take to end', async () => {
  const { closeFunction } = openSession(node('a'));
  openSession(node('b'));
  expect(isClosing(node('a'), Date.now())).toBe(false);
  await closeFunction?.();
  expect(isClosing(node('a'), later(0))).toBe(true);
  expect(isClosing(node('a'), later(29_000))).toBe(true);
  expect(isClosing(node('a'), later(31_000))).toBe(false);
  expect(isClosing(node('b'), later(0))).toBe(false);
});

test('a trigger that was set up anew takes deliveries, even when its old self is closed after that', async () => {
  const first = openSession(node('c'));
  await first.closeFunction?.();
  const second = openSession(node('c'));
  expect(isClosing(node('c'), Date.now())).toBe(false);
  await first.closeFunction?.();
  expect(isClosing(node('c'), Date.now())).toBe(false);
  await second.closeFunction?.();
  expect(isClosing(node('c'), Date.now())).toBe(true);
});

test('a node that n8n has not set up in this process, as in a webhook process, takes deliveries', () => {
  expect(isClosing(node('unknown'), Date.now())).toBe(false);
});
