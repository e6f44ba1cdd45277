import type { Slip } from '../slip';

export const transport: Slip[] = [
  {
    name: 'a fault is retried once less',
    file: 'nodes/ImagineAnything/transport/retry.ts',
    find: 'const MAX_RETRIES = 3',
    replace: 'const MAX_RETRIES = 2',
    test: 'test/unit/transport/retry.test.ts',
  },
  {
    name: 'engine',
    file: 'nodes/ImagineAnything/transport/retry.ts',
    find: "if (repeat === 'creating') return undefined;",
    replace: '',
    test: 'test/engine/retries.test.ts',
  },
];
