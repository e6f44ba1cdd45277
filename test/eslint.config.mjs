import { createRequire } from 'node:module';

// The same ESLint plugins, in the same versions, that the config at the root has from n8n.
const require = createRequire(import.meta.resolve('@n8n/node-cli/eslint'));
const js = require('@eslint/js');
const { default: tseslint } = require('typescript-eslint');

/**
 * For the tests and the tools under `test/`. The config at the root is what n8n's strict mode wants,
 * and asks of every file what it asks of a node: none of Node.js' modules, no console.
 */
export default tseslint.config(
  { ignores: ['**/output/**', '**/node_modules/**'] },
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Stand-ins implement asynchronous interfaces without anything to wait for.
      '@typescript-eslint/require-await': 'off',
      // The sandbox's objects are closures that may be taken apart.
      '@typescript-eslint/unbound-method': 'off',
      // Takes `for await` over an AsyncIterable for a mistake (typescript-eslint 8.35).
      '@typescript-eslint/await-thenable': 'off',
    },
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      // Jest's matchers, such as `expect.any(String)`, are of the type any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
);
