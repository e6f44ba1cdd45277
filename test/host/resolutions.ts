// Loaded into n8n before n8n itself: notes in a file where the package under test finds n8n-workflow.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const file = process.env.RESOLUTIONS_FILE;

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const isOurs = context.parentURL?.includes('/node_modules/n8n-nodes-imagineanything/');
    if (file && isOurs && specifier === 'n8n-workflow') appendFileSync(file, `${found.url}\n`);
    return found;
  },
});
