const { readFileSync } = require('node:fs');
const { createHash } = require('node:crypto');
const ts = require('typescript');

/** How the package is built, as far as it matters for one file. */
const { compilerOptions } = ts.readConfigFile(
  require.resolve('../../tsconfig.json'),
  ts.sys.readFile,
).config;

/**
 * A transformer for jest that gives one file its slip. The result is made from the source, also where what was built
 * of it is loaded: no build has to be changed.
 */
module.exports = {
  process(_code, _path, { transformerConfig: { source, find, replace } }) {
    const parts = readFileSync(source, 'utf8').split(find);
    if (parts.length !== 2) throw new Error(`Not exactly once in ${source}: ${find}`);
    return { code: ts.transpile(parts.join(replace), { ...compilerOptions, sourceMap: false }) };
  },

  /** Jest keeps results across runs. */
  getCacheKey(_code, path, { transformerConfig }) {
    const hash = createHash('sha256').update(JSON.stringify([path, transformerConfig]));
    return hash.update(readFileSync(transformerConfig.source)).digest('hex');
  },
};
