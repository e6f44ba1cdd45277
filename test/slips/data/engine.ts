import type { Slip } from '../slip';

/** In `engine/`: what is checked before anything is sent, what is sent, and which items come out. */
export const engine: Slip[] = [
  {
    name: 'an article with too few words is sent',
    file: 'nodes/ImagineAnything/engine/validate.ts',
    find: 'if (words < minWords) fail(',
    replace: 'if (words < 0) fail(',
    test: 'test/unit/engine/articleFields.test.ts',
  },
  {
    name: 'false is dropped from a query',
    file: 'nodes/ImagineAnything/engine/buildRequest.ts',
    find: "if (parameter.in === 'query' && value !== undefined) {",
    replace: "if (parameter.in === 'query' && value) {",
    test: 'test/unit/engine/requestValues.test.ts',
  },
  {
    name: 'false is dropped from a body',
    file: 'nodes/ImagineAnything/engine/buildRequest.ts',
    find: 'const given = inBody.filter((parameter) => values.get(parameter.name) !== undefined);',
    replace: 'const given = inBody.filter((parameter) => values.get(parameter.name));',
    test: 'test/unit/engine/requestValues.test.ts',
  },
  {
    name: 'an ID leads to another path',
    file: 'nodes/ImagineAnything/engine/buildRequest.ts',
    find: 'return encodeURIComponent(value);',
    replace: 'return value;',
    test: 'test/unit/engine/buildRequest.test.ts',
  },
  {
    name: 'a key from the credential is not masked in the answer',
    file: 'nodes/ImagineAnything/engine/buildRequest.ts',
    find: '    secrets: secretsOf(parameters, values),',
    replace: '    secrets: [],',
    test: 'test/unit/engine/requestValues.test.ts',
  },
  {
    name: 'a number that has lost digits is taken for an ID',
    file: 'nodes/ImagineAnything/engine/validate.ts',
    find: "if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {",
    replace: "if (typeof value === 'number' && !Number.isFinite(value)) {",
    test: 'test/unit/engine/validate.test.ts',
  },
  {
    name: 'a number above its limit is sent',
    file: 'nodes/ImagineAnything/engine/validate.ts',
    find: '  if (number > max) fail(`is ${number}, but must be at most ${max}.`);\n',
    replace: '',
    test: 'test/unit/engine/validate.test.ts',
  },
  {
    name: 'an expression that finds nothing is sent as a filter of its own',
    file: 'nodes/ImagineAnything/engine/references.ts',
    find: '  if (NOTHING.test(name))\n    fail(`is ${formatValue(name)}, the text of a missing value. Check its expression.`);\n',
    replace: '',
    test: 'test/unit/engine/validate.test.ts',
  },
  {
    name: 'an ID goes up a folder of the path',
    file: 'nodes/ImagineAnything/engine/references.ts',
    find: "id === '.' || id === '..' || ",
    replace: '',
    test: 'test/unit/engine/validate.test.ts',
  },
  {
    name: 'a filter that comes to nothing reads everything',
    file: 'nodes/ImagineAnything/engine/validate.ts',
    find: 'if (!isNothing(value) || !isExpression()) return value;',
    replace: 'if (value || !isExpression()) return value;',
    test: 'test/unit/engine/nothing.test.ts',
  },
  {
    name: 'an update with nothing to update is sent',
    file: 'nodes/ImagineAnything/engine/collectValues.ts',
    find: '  assertCombination(operation, values);\n',
    replace: '',
    test: 'test/unit/engine/collectValues.test.ts',
  },
  {
    name: 'all entries are read instead of the limit',
    file: 'nodes/ImagineAnything/engine/collectValues.ts',
    find: "return values.get(RETURN_ALL.name) === false && typeof limit === 'number' ? limit : Infinity;",
    replace: "return values.get(RETURN_ALL.name) && typeof limit === 'number' ? limit : Infinity;",
    test: 'test/unit/engine/collectValues.test.ts',
  },
  {
    name: 'a write goes on after one that failed',
    file: 'nodes/ImagineAnything/engine/mapConcurrent.ts',
    find: 'while (next < entries.length && failures.size === 0) {',
    replace: 'while (next < entries.length) {',
    test: 'test/unit/engine/mapConcurrent.test.ts',
  },
  {
    name: 'items come out in the order in which they were answered',
    file: 'nodes/ImagineAnything/engine/mapConcurrent.ts',
    find: '        results[index] = await task(entries[index]);',
    replace: `        const result = await task(entries[index]);
        results[Object.keys(results).length] = result;`,
    test: 'test/unit/engine/mapConcurrent.test.ts',
  },
  {
    name: 'writes are sent at the same time',
    file: 'nodes/ImagineAnything/engine/execute.ts',
    find: 'const concurrency = isRead(operation) ? settings.concurrency : 1;',
    replace: 'const { concurrency } = settings;',
    test: 'test/unit/engine/execute.test.ts',
  },
  {
    name: 'valid items are sent although another one is not valid',
    file: 'nodes/ImagineAnything/engine/execute.ts',
    find: `      return await prepare(context, operation, settings, index);
    } catch (thrown) {
      return failed(index, thrown);`,
    replace: `      return await prepare(context, operation, settings, index);
    } catch (thrown) {
      return async () => {
        throw thrown;
      };`,
    test: 'test/unit/engine/execute.test.ts',
  },
  {
    name: 'a failed item is lost where the node goes on',
    file: 'nodes/ImagineAnything/engine/execute.ts',
    find: 'if (continueOnFail && !isCancelled) return { items: [errorItem(error, index)], isFailed: true };',
    replace: 'if (continueOnFail && !isCancelled) return { items: [], isFailed: true };',
    test: 'test/unit/engine/execute.test.ts',
  },
  {
    name: 'an item is paired with another one of the input',
    file: 'nodes/ImagineAnything/engine/execute.ts',
    find: 'return { items: output.map((json) => ({ json, pairedItem: { item: index } })) };',
    replace: 'return { items: output.map((json, item) => ({ json, pairedItem: { item } })) };',
    test: 'test/unit/engine/execute.test.ts',
  },
  {
    name: 'a cancelled execution goes on with failed items',
    file: 'nodes/ImagineAnything/engine/execute.ts',
    find: 'if (isCancelled && thrown instanceof ExecutionBaseError) throw thrown;',
    replace: '',
    test: 'test/unit/engine/execute.test.ts',
  },
  {
    name: 'all items are sent with the credential of the first',
    file: 'nodes/ImagineAnything/engine/execute.ts',
    find: 'const client = await openClient(context, settings.client, index);',
    replace: 'const client = await openClient(context, settings.client, 0);',
    test: 'test/unit/engine/execute.test.ts',
  },
  {
    name: 'a second try of the node creates everything again',
    file: 'nodes/ImagineAnything/engine/completedWrites.ts',
    find: "if (known !== undefined && 'response' in known) return known.response;",
    replace:
      "if (known !== undefined && 'response' in known) return await this.client.send(request);",
    test: 'test/unit/engine/completedWrites.test.ts',
  },
  {
    name: 'a second try of the node creates again what may be there',
    file: 'nodes/ImagineAnything/engine/completedWrites.ts',
    find: "    if (known !== undefined && request.repeat === 'creating') throw known.doubtful;\n",
    replace: '',
    test: 'test/unit/engine/completedWrites.test.ts',
  },
  {
    name: 'a second try of the node takes a deletion that is done for a failure',
    file: 'nodes/ImagineAnything/engine/completedWrites.ts',
    find: 'const mayBeDone = known !== undefined;',
    replace: 'const mayBeDone = false;',
    test: 'test/unit/engine/completedWrites.test.ts',
  },
  {
    name: 'a second try of the node repeats what may be done',
    file: 'nodes/ImagineAnything/engine/completedWrites.ts',
    find: 'if (error instanceof NodeApiError && error.context.mayHaveHadEffect === true) {',
    replace: 'if (error instanceof NodeApiError && error.context.mayHaveHadEffect === 1) {',
    test: 'test/unit/engine/completedWrites.test.ts',
  },
  {
    name: 'equal items are created once',
    file: 'nodes/ImagineAnything/engine/completedWrites.ts',
    find: 'const results: ItemResults = run.items.get(itemIndex) ?? new Map<string, Result[]>();',
    replace: 'const results: ItemResults = run.items.get(0) ?? new Map<string, Result[]>();',
    test: 'test/unit/engine/completedWrites.test.ts',
  },
  {
    name: 'a video has the limit of an image',
    file: 'nodes/ImagineAnything/engine/files.ts',
    find: '  assertSize(type.maxBytes);\n',
    replace: '',
    test: 'test/engine/fileLimits.test.ts',
  },
  {
    name: 'a deletion that the service refused counts as done',
    file: 'nodes/ImagineAnything/engine/response.ts',
    find: 'return { deleted: said[unless] !== true, ...said };',
    replace: 'return { deleted: true, ...said };',
    test: 'test/unit/engine/response.test.ts',
  },
];
