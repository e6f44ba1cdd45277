import type { FunctionsBase } from 'n8n-workflow';
import { nodeKey } from '../../../nodes/ImagineAnything/trigger/nodeIdentity';
import {
  isShuttingDown,
  trackActivation,
} from '../../../nodes/ImagineAnything/trigger/delivery/shutdown';

const node = (id: string, workflow = 'workflow') =>
  ({
    getNode: () => ({ id }),
    getWorkflow: () => ({ id: workflow }),
  }) as unknown as FunctionsBase;

const later = (ms: number): number => performance.now() + ms;

test('The key of a node identifies it across workflows', () => {
  expect(nodeKey(node('a'))).not.toBe(nodeKey(node('a', 'another')));
  expect(nodeKey(node('a'))).not.toBe(nodeKey(node('b')));
});

test('A deactivated trigger counts as shutting down for as long as n8n may take to shut down', async () => {
  const { closeFunction } = trackActivation(node('a'));
  trackActivation(node('b'));
  expect(isShuttingDown(node('a'), performance.now())).toBe(false);
  await closeFunction?.();
  expect(isShuttingDown(node('a'), later(0))).toBe(true);
  expect(isShuttingDown(node('a'), later(29_000))).toBe(true);
  expect(isShuttingDown(node('a'), later(31_000))).toBe(false);
  expect(isShuttingDown(node('b'), later(0))).toBe(false);
});

test('A trigger that was activated again accepts deliveries, even if its earlier activation ends later', async () => {
  const first = trackActivation(node('c'));
  await first.closeFunction?.();
  const second = trackActivation(node('c'));
  expect(isShuttingDown(node('c'), performance.now())).toBe(false);
  await first.closeFunction?.();
  expect(isShuttingDown(node('c'), performance.now())).toBe(false);
  await second.closeFunction?.();
  expect(isShuttingDown(node('c'), performance.now())).toBe(true);
});

test('A trigger that is not activated in this process, as in a webhook process, accepts deliveries', () => {
  expect(isShuttingDown(node('unknown'), performance.now())).toBe(false);
});

test('Setting the clock back a day changes nothing', async () => {
  const { closeFunction } = trackActivation(node('d'));
  await closeFunction?.();
  const day = 86_400_000;
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() - day);
  expect(isShuttingDown(node('d'), later(29_000))).toBe(true);
  expect(isShuttingDown(node('d'), later(31_000))).toBe(false);
  jest.restoreAllMocks();
});

test('A deactivated trigger is forgotten after the shutdown time', async () => {
  const { closeFunction } = trackActivation(node('e'));
  await closeFunction?.();
  const time = later(31_000);
  jest.spyOn(performance, 'now').mockReturnValue(time);
  trackActivation(node('f'));
  jest.restoreAllMocks();
  expect(isShuttingDown(node('e'), performance.now())).toBe(false);
});
