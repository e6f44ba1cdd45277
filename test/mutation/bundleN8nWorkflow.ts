import { globSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';

/** Leaves out every module of which nothing is used, as if its package said that loading it has no effect. */
const withoutSideEffects: Plugin = {
  name: 'without-side-effects',
  setup({ onResolve, resolve }) {
    const seen = Symbol('seen');
    onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (pluginData === seen) return undefined;
      const found = await resolve(path, { kind, resolveDir, importer, pluginData: seen });
      return found.errors.length > 0 ? undefined : { ...found, sideEffects: false };
    });
  },
};

/** What the sources import from n8n-workflow and exists when they run. */
function namesInSources(): string[] {
  const text = globSync('{nodes,credentials}/**/*.ts').map((file) => readFileSync(file, 'utf8'));
  const imports = [...text.join('\n').matchAll(/^import \{([^}]*)\} from 'n8n-workflow'/gm)];
  const names = imports.flatMap(([, list]) =>
    list.split(',').map((name) => name.trim().split(' as ')[0]),
  );
  const exported = new Set(Object.keys(require('n8n-workflow')));
  return [...new Set(names)].filter((name) => exported.has(name)).sort();
}

/**
 * Writes a small n8n-workflow, which jest loads anew for each mutant and test file. Of hundreds of modules, it has what
 * the sources use; anything else is taken from a bundle of all of them, when a test asks for it.
 *
 * @param folder where the three files go
 * @returns the path of the one to load instead of n8n-workflow
 */
export async function bundleN8nWorkflow(folder: string): Promise<string> {
  const names = namesInSources();
  const [small, whole, index] = ['small', 'whole', 'index'].map((name) =>
    join(folder, `n8n-workflow-${name}.js`),
  );
  const options: BuildOptions = { bundle: true, platform: 'node', format: 'cjs' };
  await build({
    ...options,
    stdin: {
      contents: `export { ${names.join(', ')} } from 'n8n-workflow';`,
      resolveDir: process.cwd(),
    },
    outfile: small,
    mainFields: ['module', 'main'],
    conditions: ['import', 'module'],
    plugins: [withoutSideEffects],
  });
  await build({ ...options, entryPoints: [require.resolve('n8n-workflow')], outfile: whole });
  const others = Object.keys(require('n8n-workflow')).filter((name) => !names.includes(name));
  const getters = others.map((name) => `get ${name}() { return whole().${name}; },`);
  await writeFile(
    index,
    `const whole = () => require('./${basename(whole)}');\n` +
      `module.exports = {\n...require('./${basename(small)}'),\n${getters.join('\n')}\n};\n`,
  );
  return index;
}
