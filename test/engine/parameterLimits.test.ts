/**
 * Every limit and choice that an operation declares, in n8n: what keeps to it is sent and taken by the sandbox, what does
 * not is refused before anything is sent. That the limits are those of the service is what `completeness.test.ts` checks.
 */
import type { INodeParameters } from 'n8n-workflow';
import { collectionOf, type Operation } from '../../nodes/ImagineAnything/engine/operation';
import { toValue } from '../../nodes/ImagineAnything/engine/names';
import {
  fieldName,
  isOptional,
  type Parameter,
} from '../../nodes/ImagineAnything/engine/parameter';
import { resources } from '../../nodes/ImagineAnything/resources';
import { operationCases } from '../operations';
import { wordsOf } from '../operations/article';
import type { OperationCase } from '../operations/fixture';
import { binary, type RunResult } from './support/n8n';
import { useOwnClock } from './support/ownClock';
import { CREDENTIAL, useN8n } from './support/useN8n';

type Value = string | number | string[];

interface Boundary {
  operationCase: OperationCase;
  operation: Operation;
  parameter: Parameter;
  value: Value;
  isAllowed: boolean;
}

const PLAIN = { text: 'x', url: 'https://example.com/a', entry: 'entry' };

/** Values that are just allowed, and values that are just not. */
function boundariesOf(parameter: Parameter): { allowed: Value[]; refused: Value[] } {
  switch (parameter.kind) {
    case 'text': {
      const { maxLength, minLength = 0, minWords } = parameter;
      return {
        allowed: [
          ...(maxLength === undefined || parameter.form ? [] : [PLAIN.text.repeat(maxLength)]),
          ...(minWords === undefined ? [] : [wordsOf(minWords)]),
        ],
        refused: [
          ...(minWords === undefined ? [] : [wordsOf(minWords - 1)]),
          ...(maxLength === undefined ? [] : [PLAIN.text.repeat(maxLength + 1)]),
          ...(minLength > 1 ? [PLAIN.text.repeat(minLength - 1)] : []),
        ],
      };
    }
    case 'number': {
      const { min, max, integer } = parameter;
      const limits = [min, max].filter((each) => each !== undefined);
      return {
        allowed: limits,
        refused: [
          ...(min === undefined ? [] : [min - 1]),
          ...(max === undefined ? [] : [max + 1]),
          ...(integer ? [(min ?? 0) + 0.5] : []),
        ],
      };
    }
    case 'choice':
      return { allowed: parameter.choices.map(({ value }) => value), refused: ['NO_SUCH'] };
    case 'list': {
      const { minItems = 1, maxItems, maxEntryLength, urls } = parameter;
      const entries = (count: number) =>
        Array.from({ length: count }, (_, index) => `${urls ? PLAIN.url : PLAIN.entry}${index}`);
      const longest = entries(minItems).map((entry) => entry.padEnd(maxEntryLength ?? 0, 'x'));
      return {
        allowed: [
          ...(maxItems === undefined || !(urls || maxEntryLength) ? [] : [entries(maxItems)]),
          ...(minItems > 1 ? [entries(minItems)] : []),
          ...(maxEntryLength === undefined ? [] : [longest]),
        ],
        refused: [
          ...(minItems > 1 ? [entries(minItems - 1)] : []),
          ...(maxEntryLength === undefined ? [] : [[...longest.slice(1), `${longest[0]}x`]]),
          ...(maxItems === undefined ? [] : [entries(maxItems + 1)]),
          ...(urls ? [['ftp://example.com/a']] : []),
        ],
      };
    }
    case 'url':
      return {
        allowed: [],
        refused: ['example.com', ...(parameter.secure ? ['http://example.com/a'] : [])],
      };
    default:
      return { allowed: [], refused: [] };
  }
}

const operationOf = ({ resource, operation }: OperationCase): Operation | undefined =>
  resources
    .find(({ name }) => toValue(name) === resource)
    ?.operations.find(({ name }) => toValue(name) === operation);

/** Choices that the service takes in another state than that of the case; each has tests of its own. */
const DEPENDS_ON_STATE = [
  // Only a connected provider can be changed.
  'aiProvider.disconnect.provider',
  'aiProvider.setActive.provider',
  'aiProvider.testKey.provider',
  // They must fit the media of the post.
  'post.create.mediaType',
  'post.create.mediaUrls',
];

const seen = new Set<Operation>();
const boundaries: Boundary[] = operationCases.flatMap((operationCase) => {
  const operation = operationOf(operationCase);
  if (operation === undefined || seen.has(operation)) return [];
  seen.add(operation);
  // One that depends on others has its own tests, and so has what decides about others.
  const parameters = operation.parameters?.filter(
    ({ name, when }) => !when && !operation.parameters?.some((each) => each.when?.[name]),
  );
  return (parameters ?? []).flatMap((parameter) => {
    const { allowed, refused } = boundariesOf(parameter);
    const key = `${operationCase.resource}.${operationCase.operation}.${parameter.name}`;
    const taken = DEPENDS_ON_STATE.includes(key) ? [] : allowed;
    const boundary = (isAllowed: boolean) => (value: Value) => ({
      ...{ operationCase, operation, parameter, value, isAllowed },
    });
    return [...taken.map(boundary(true)), ...refused.map(boundary(false))];
  });
});

function titleOf({ operationCase, parameter, value, isAllowed }: Boundary): string {
  const text = JSON.stringify(value);
  const shown = text.length > 60 ? `${value.toString().length} characters` : text;
  const { resource, operation } = operationCase;
  return `${resource}: ${operation} ${isAllowed ? 'takes' : 'refuses'} ${shown} as ${parameter.displayName}`;
}

describe('limits and choices of parameters', () => {
  useOwnClock();
  const { n8n, sandbox, fixture, run: runNode } = useN8n({ generationStepMs: 0 });

  async function run({ operationCase, operation, parameter, value }: Boundary): Promise<RunResult> {
    const { resource, file, aiProviderKeys } = operationCase;
    const arranged = await operationCase.arrange(fixture);
    const collection = collectionOf(operation).name;
    const given = { [fieldName(parameter)]: value };
    const parameters: INodeParameters = isOptional(parameter)
      ? { ...arranged, [collection]: { ...(arranged[collection] as INodeParameters), ...given } }
      : { ...arranged, ...given };
    n8n.saveCredential(CREDENTIAL, {
      ...{ ...fixture.me, baseUrl: sandbox.url },
      ...(aiProviderKeys && { useAiProviderKeys: true, ...aiProviderKeys }),
    });
    sandbox.requests.clear();
    const carried = file && {
      binary: { data: binary(file.content, file.fileName, file.mimeType) },
    };
    return await runNode(
      { resource, operation: operationCase.operation, ...parameters },
      { input: [{ json: {}, ...carried }] },
    );
  }

  it('are many', () => {
    expect(boundaries.length).toBeGreaterThan(150);
  });

  it.each(boundaries.map((each) => [titleOf(each), each] as const))('%s', async (_, boundary) => {
    const { error } = await run(boundary);

    if (boundary.isAllowed) {
      expect(error).toBeUndefined();
      expect(sandbox.requests.at(-1)?.status).toBeLessThan(300);
    } else {
      expect(error?.message).toContain(boundary.parameter.displayName);
      expect(sandbox.requests).toHaveLength(0);
    }
    expect(sandbox.contractViolations).toEqual([]);
  });
});
