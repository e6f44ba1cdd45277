// The config at the root asks of every file what n8n asks of a node. Scripts are tools, like the tests.
export { default } from '../test/eslint.config.mjs';
