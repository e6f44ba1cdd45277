import { buildRequest } from '../../../nodes/ImagineAnything/engine/buildRequest';
import type { Operation } from '../../../nodes/ImagineAnything/engine/operation';
import type { Parameter, WireValue } from '../../../nodes/ImagineAnything/engine/parameter';

const texts = { displayName: 'Value', description: 'A value' };

function operation(endpoint: Operation['endpoint'], parameters: Parameter[]): Operation {
  return {
    name: 'Do',
    action: 'Do something',
    description: 'Do something',
    endpoint,
    parameters,
    response: { kind: 'whole' },
    repeat: 'idempotent',
  } as Operation;
}

const values = (given: Record<string, WireValue>) => new Map(Object.entries(given));

const flagAndNumber = (place: 'query' | 'body'): Parameter[] => [
  { ...texts, name: 'isOpen', kind: 'flag', in: place },
  { ...texts, name: 'price', kind: 'number', in: place },
  { ...texts, name: 'text', kind: 'text', in: place },
];
const GIVEN = values({ isOpen: false, price: 0, text: '' });

it('false, zero and an empty text are sent in a query', () => {
  expect(buildRequest(operation('GET /posts', flagAndNumber('query')), GIVEN).query).toEqual({
    isOpen: 'false',
    price: '0',
    text: '',
  });
});

it('false, zero and an empty text are sent in a body', () => {
  expect(buildRequest(operation('PATCH /posts', flagAndNumber('body')), GIVEN).body).toEqual({
    isOpen: false,
    price: 0,
    text: '',
  });
});

it('a value from the credential is a secret of the request, and no other is', () => {
  const parameters: Parameter[] = [
    { ...texts, name: 'provider', kind: 'text', in: 'body' },
    {
      ...texts,
      name: 'key',
      kind: 'text',
      in: 'body',
      fromCredential: { by: 'provider', fields: {}, whenEmpty: 'Enter it.' },
    },
  ];
  const request = buildRequest(
    operation('POST /keys', parameters),
    values({ provider: 'OPENAI', key: 'sk-1234567890' }),
  );

  expect(request.body).toEqual({ provider: 'OPENAI', key: 'sk-1234567890' });
  expect(request.secrets).toEqual(['sk-1234567890']);
});
