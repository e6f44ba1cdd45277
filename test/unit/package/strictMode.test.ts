import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { n8n } from '../../../package.json';

const CHECKOUT = resolve(__dirname, '../../..');
const TEMPLATE = 'node_modules/@n8n/node-cli/dist/template/templates/shared/default';

const configIn = async (folder: string): Promise<string> =>
  (await readFile(join(CHECKOUT, folder, 'eslint.config.mjs'), 'utf8')).replace(/\s+/g, ' ').trim();

// `npm run lint` runs ESLint itself, as only it turns warnings into errors. What else `n8n-node lint` checks is here.
test("the linter's configuration is the one of n8n's strict mode", async () => {
  expect(n8n.strict).toBe(true);
  expect(await configIn('.')).toBe(await configIn(TEMPLATE));
});
