import { type INode, type INodeProperties, type INodeTypes, Workflow } from 'n8n-workflow';
import { ImagineAnythingApi } from '../../credentials/ImagineAnythingApi.credentials';
import { describeResources } from '../../nodes/ImagineAnything/engine/properties';
import { toValue } from '../../nodes/ImagineAnything/engine/names';
import { endpointOf } from '../../nodes/ImagineAnything/engine/operation';
import { fieldName, isRequired, wireName } from '../../nodes/ImagineAnything/engine/parameter';
import { ImagineAnything } from '../../nodes/ImagineAnything/ImagineAnything.node';
import * as listSearch from '../../nodes/ImagineAnything/methods/listSearch';
import { resources } from '../../nodes/ImagineAnything/resources';
import { REGISTER_HINT } from '../../nodes/ImagineAnything/resources/agent';
import { AI_PROVIDERS } from '../../nodes/ImagineAnything/resources/parameters';

const operations = resources.flatMap((resource) =>
  resource.operations.map((operation) => ({ resource, operation })),
);

const named = operations.map(
  ({ resource, operation }) => [`${resource.name}: ${operation.name}`, operation] as const,
);

const TITLE = /^[A-Z0-9]/;

it('has resources with different names', () => {
  const names = resources.map(({ name }) => toValue(name));
  expect(new Set(names).size).toBe(names.length);
});

it.each(resources.map((resource) => [resource.name, resource] as const))(
  '%s has operations with different names and actions',
  (_, { operations: own }) => {
    expect(new Set(own.map(({ name }) => toValue(name))).size).toBe(own.length);
    expect(new Set(own.map(({ action }) => action)).size).toBe(own.length);
  },
);

describe.each(named)('%s', (_, operation) => {
  const parameters = operation.parameters ?? [];

  it('has a parameter for each placeholder of its path, and the other way round', () => {
    const placeholders = [...endpointOf(operation).path.matchAll(/\{(\w+)\}/g)].map(
      ([, name]) => name,
    );
    const given = parameters.filter((each) => each.in === 'path');
    expect(given.map(wireName).sort()).toEqual(placeholders.sort());
    expect(given.every(isRequired)).toBe(true);
  });

  it('has texts as n8n wants them', () => {
    expect(operation.action).toMatch(/^[A-Z][^.]*$/);
    expect(operation.description).toMatch(TITLE);
    for (const { displayName, description, kind } of parameters) {
      expect(displayName).toMatch(TITLE);
      if (description === undefined) continue;
      expect(description).toMatch(TITLE);
      // A full stop only where there are several sentences.
      expect(/\.$/.test(description)).toBe(/\. /.test(description.replace(/e\.g\. /g, '')));
      if (kind === 'flag') expect(description).toMatch(/^Whether /);
    }
  });

  it('gives parameters one name unless their conditions exclude each other', () => {
    const seen = new Map<string, string[]>();
    for (const parameter of parameters) {
      const condition = JSON.stringify(parameter.when ?? {});
      const earlier = seen.get(fieldName(parameter)) ?? [];
      expect(earlier).not.toContain(condition);
      if (earlier.length > 0) expect(parameter.when).toBeDefined();
      seen.set(fieldName(parameter), [...earlier, condition]);
    }
  });

  it('sets conditions on parameters that come before', () => {
    parameters.forEach((parameter, index) => {
      const before = parameters.slice(0, index).map(({ name }) => name);
      expect(before).toEqual(expect.arrayContaining(Object.keys(parameter.when ?? {})));
    });
  });

  it('names list searches that exist, and defaults that are among the choices', () => {
    for (const parameter of parameters) {
      if ('search' in parameter && parameter.search) {
        expect(Object.keys(listSearch)).toContain(parameter.search);
      }
      if (parameter.kind === 'choice' && parameter.default !== undefined) {
        expect(parameter.choices.map(({ value }) => value)).toContain(parameter.default);
      }
    }
  });

  it('demands at least one of parameters that it has', () => {
    expect(parameters.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...(operation.atLeastOne ?? [])]),
    );
  });
});

describe('the keys of AI providers', () => {
  const { properties } = new ImagineAnythingApi();
  const secrets = operations.flatMap(({ resource, operation }) =>
    (operation.parameters ?? []).flatMap(({ name, fromCredential }) =>
      fromCredential ? [{ place: [resource.name, operation.name, name], fromCredential }] : [],
    ),
  );

  it('are in no field of the editor', () => {
    const text = JSON.stringify(describeResources(resources));
    expect(text).not.toMatch(/apiKey/i);
  });

  it('come from the credential in one operation, which chooses the provider before', () => {
    expect(secrets.map(({ place }) => place)).toEqual([['AI Provider', 'Connect', 'apiKey']]);
    const { parameters = [] } =
      operations.find(({ operation }) => operation.name === 'Connect')?.operation ?? {};
    expect(parameters.map(({ name }) => name)).toEqual([secrets[0].fromCredential.by, 'apiKey']);
  });

  it('have a field each in the credential, hidden while it is written and until they are wanted', () => {
    const { fields } = secrets[0].fromCredential;
    expect(Object.keys(fields)).toEqual(AI_PROVIDERS.map(({ value }) => value));
    for (const { name, displayName } of Object.values(fields)) {
      expect(properties.find((each) => each.name === name)).toMatchObject({
        displayName,
        type: 'string',
        typeOptions: { password: true },
        displayOptions: { show: { useAiProviderKeys: [true] } },
      });
    }
    const wanted = properties.find(({ name }) => name === 'useAiProviderKeys');
    expect(wanted).toMatchObject({ type: 'boolean', default: false });
  });
});

describe('the credential of the node', () => {
  const { credentials, properties } = new ImagineAnything().description;

  it('is required, unless Authentication is None', () => {
    expect(credentials).toEqual([
      {
        name: 'imagineAnythingApi',
        required: true,
        displayOptions: { hide: { authentication: ['none'] } },
      },
    ]);
  });

  it('is wanted by a new node, and by one that was stored without Authentication', () => {
    expect(properties[0]).toMatchObject({
      name: 'authentication',
      type: 'options',
      noDataExpression: true,
      default: 'agent',
    });
    // n8n leaves an option "none" in the panel, and hides a choice between credentials only.
    expect(properties[0].options).toMatchObject([{ value: 'agent' }, { value: 'none' }]);
  });
});

it('says on Agent: Register, and nowhere else, what to do with the secret', () => {
  const { hints = [] } = new ImagineAnything().description;
  const shown = operations.filter(({ resource, operation }) => {
    const node = {
      ...{ id: 'n', name: 'n', type: 'n', typeVersion: 1, position: [0, 0] as [number, number] },
      parameters: { resource: toValue(resource.name), operation: toValue(operation.name) },
    };
    return hints.some(({ displayCondition = '' }) => evaluate(node, displayCondition));
  });

  expect(shown.map(({ operation }) => operation.action)).toEqual(['Register agent']);
  expect(hints).toMatchObject([{ message: REGISTER_HINT, whenToDisplay: 'always' }]);
});

/** Evaluates an expression of the editor for a node. */
function evaluate(node: INode, expression: string): unknown {
  const nodeTypes = { getByNameAndVersion: () => new ImagineAnything() } as unknown as INodeTypes;
  const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
  return workflow.expression.getSimpleParameterValue(node, expression, 'manual', {});
}

/** The optional fields of a generation, as the editor has them. */
const generationFields = () => {
  const fields = describeResources(resources).find(
    ({ name, displayOptions }) =>
      name === 'additionalFields' && displayOptions?.show?.resource?.includes('generation'),
  );
  return fields?.options as INodeProperties[];
};

it('shows fields of a collection depending on fields of the node', () => {
  const voice = generationFields().find(({ name }) => name === 'voice');
  expect(voice?.displayOptions).toEqual({
    show: { '/provider': ['ELEVENLABS'], '/generationType': ['voice'] },
  });
});

it('starts the parameters of AI providers with the defaults of the reference, and with nothing else', () => {
  const dependent = generationFields().filter(({ displayOptions }) => displayOptions);
  expect(
    Object.fromEntries(
      dependent
        .filter(({ type }) => type !== 'resourceLocator')
        .map((field) => [field.name, field.default]),
    ),
  ).toEqual({
    ...{ size: '1024x1024', quality: 'medium', width: 1024, height: 1024 },
    // "varies", and none.
    ...{ videoAspectRatio: '9:16', videoDuration: '', referenceImage: '', cfgScale: '' },
    ...{ imageAspectRatio: '1:1', soundDuration: 5, musicLength: 30000 },
  });
});
