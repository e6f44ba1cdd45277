import { ProcessMap, resetProcess } from '../../../credentials/processMap';

test('a map drops the entry that was set longest ago', () => {
  const map = new ProcessMap<number>(2);
  map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});

test('a reset forgets what every map holds', () => {
  const maps = [new ProcessMap<number>(), new ProcessMap<string>(1)] as const;
  maps[0].set('a', 1);
  maps[1].set('a', 'x');
  resetProcess();
  expect(maps.map(({ size }) => size)).toEqual([0, 0]);
});
