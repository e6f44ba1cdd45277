/** Every function that is given what comes over the wire takes linear time. */
import path from 'node:path';
import fc from 'fast-check';
import { anyRepeated, expectLinear, MEBIBYTE, RUNS } from './repeatedText';
import { ROOT, SOURCES } from './sources';

/** An object with a text in the fields that are read most of a delivery, an answer or a credential. */
function fieldsOf(text: string): object {
  const names = ['id', 'event', 'handle', 'createdAt', 'error', 'message', 'webhookUrl', 'baseUrl'];
  return {
    ...Object.fromEntries([...names, text].map((name) => [name, text])),
    data: { id: text, actor: { handle: text } },
  };
}

const isFunction = (value: unknown): value is (...given: unknown[]) => unknown =>
  typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));

/** Every exported function of the folders whose functions are given what comes over the wire. */
const FUNCTIONS = SOURCES.filter((file) => /^credentials\/|\/(trigger|transport)\//.test(file))
  // The tables, and what waits.
  .filter(
    (file) =>
      !/\/(description|samples|assumptions|sleep|hookDeadline)\.ts$|\.credentials\.ts$/.test(file),
  )
  .flatMap((file) => {
    // The file is known only now, and a test cannot wait for an import while it is defined.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const exported = require(path.join(ROOT, file)) as Record<string, unknown>;
    return Object.entries(exported)
      .filter(([, value]) => isFunction(value))
      .map(([name, value]) => ({ file, name, call: value as (...given: unknown[]) => unknown }));
  });

/** The length of a text that is in many places of an argument at once. */
const PART = MEBIBYTE / 8;

it.each(FUNCTIONS)('$file: $name takes linear time on any long argument', async ({ call }) => {
  const given = (text: string): unknown[][] => [
    [text, text, text],
    [fieldsOf(text), fieldsOf(text)],
    [[fieldsOf(text)], fieldsOf(text)],
  ];
  await fc.assert(
    fc.asyncProperty(anyRepeated, async (repeated) => {
      await expectLinear(
        repeated,
        async (text) => {
          for (const values of given(text)) {
            try {
              await Promise.race([call(...values), new Promise(setImmediate)]);
            } catch {
              // Most of it is refused.
            }
          }
        },
        PART,
      );
    }),
    RUNS,
  );
});
