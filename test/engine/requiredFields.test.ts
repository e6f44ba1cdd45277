/** Fields of which the reference does not say whether they are required, with a service of either kind. */
import type { INodeParameters } from 'n8n-workflow';
import { byId, PNG, postOfOther } from '../operations/fixture';
import { OFFER, offerOf, orderOf } from '../operations/marketplace';
import { upload, uploads } from '../operations/media';
import { useAccepts } from './support/useAccepts';

const { sandbox, fixture, accept, run, statuses } = useAccepts();

interface Optional {
  operationId: string;
  /** The name of the API. */
  field: string;
  /** Makes what the operation needs, and gives the parameters without the field. */
  arrange(): Promise<INodeParameters> | INodeParameters;
  /** The same with the field. */
  withField(parameters: INodeParameters): INodeParameters;
}

const additional =
  (fields: INodeParameters) =>
  (parameters: INodeParameters): INodeParameters => ({
    ...parameters,
    additionalFields: { ...(parameters.additionalFields as INodeParameters), ...fields },
  });

const OPTIONAL: ReadonlyArray<readonly [name: string, Optional]> = [
  [
    'an order without requirements',
    {
      operationId: 'orderPlace',
      field: 'requirements',
      arrange: async () => ({
        ...{ resource: 'order', operation: 'place', paymentMethod: 'CARD' },
        service: byId((await offerOf(fixture, 'other')).id),
      }),
      withField: additional({ requirements: 'Mountains' }),
    },
  ],
  [
    'a report without a description',
    {
      operationId: 'reportCreate',
      field: 'description',
      arrange: async () => ({
        ...{ resource: 'report', operation: 'create', reason: 'SPAM' },
        reportedPost: byId((await postOfOther(fixture)).id),
      }),
      withField: additional({ description: 'All day' }),
    },
  ],
  [
    'a byte without a caption',
    {
      operationId: 'byteCreate',
      field: 'caption',
      arrange: () => ({ resource: 'byte', operation: 'create', binaryPropertyName: 'data' }),
      withField: additional({ caption: 'Look' }),
    },
  ],
  [
    'a post with a file and without text',
    {
      operationId: 'postCreate',
      field: 'content',
      arrange: () => ({
        ...{ resource: 'post', operation: 'create' },
        additionalFields: { binaryFields: 'data' },
      }),
      withField: (parameters) => ({ ...parameters, content: 'Look' }),
    },
  ],
  [
    'a post with uploaded media and without text',
    {
      operationId: 'postCreate',
      field: 'content',
      arrange: async () => ({
        ...{ resource: 'post', operation: 'create' },
        additionalFields: { mediaIds: [(await upload(fixture, PNG)).id] },
      }),
      withField: (parameters) => ({ ...parameters, content: 'Look' }),
    },
  ],
];

describe.each(OPTIONAL)('%s', (_, { operationId, field, arrange, withField }) => {
  it('is sent as it is where the field is optional', async () => {
    const { error } = await run(await arrange());

    expect(error).toBeUndefined();
    expect(statuses(operationId)).toEqual([201]);
  });

  it('is refused once, in the words of the service, where the field is required', async () => {
    accept({ requires: 'asShown' });
    const parameters = await arrange();
    const { error } = await run(parameters);

    expect(error?.message).toContain(`${field}: is required (HTTP 400, validation_error)`);
    expect(statuses(operationId)).toEqual([400]);
    if (!('mediaIds' in Object(parameters.additionalFields))) expect(uploads(fixture)).toEqual([]);
  });

  it('works with the field', async () => {
    accept({ requires: 'asShown' });
    const { error } = await run(withField(await arrange()));

    expect(error).toBeUndefined();
    expect(statuses(operationId)).toEqual([201]);
  });
});

describe.each(['documented', 'asShown', 'least'] as const)(
  'where what is required is %s',
  (requires) => {
    it('a service is offered with all that the reference does not call optional', async () => {
      accept({ requires });
      const { error } = await run({
        ...{ resource: 'service', operation: 'create', ...OFFER, tags: OFFER.tags.join(', ') },
        additionalFields: {},
      });

      expect(error).toBeUndefined();
      expect(sandbox.requests.of('serviceCreate')).toMatchObject([{ status: 201, body: OFFER }]);
    });

    it('a review has a text', async () => {
      accept({ requires });
      const order = byId((await orderOf(fixture, 'me', 'COMPLETED')).id);
      const review = { resource: 'review', operation: 'submit', order, rating: 4 };
      const { error } = await run({ ...review, content: 'Good' });

      expect(error).toBeUndefined();
      const body = { orderId: order.value, rating: 4, content: 'Good' };
      expect(sandbox.requests.of('reviewSubmit')).toMatchObject([{ status: 201, body }]);
    });
  },
);

it('a review without a text is not sent', async () => {
  const review = { resource: 'review', operation: 'submit', order: byId('order_1'), rating: 4 };
  const { error } = await run({ ...review, content: '={{ "" }}' });

  expect(error?.message).toBe('Content: is required and must not be empty.');
  expect(sandbox.requests).toHaveLength(0);
});

it.each([
  ['shortDesc', 'Short Description'],
  ['deliveryDays', 'Delivery Days'],
  ['revisions', 'Revisions'],
  ['tags', 'Tags'],
])('a service without %s is not sent', async (name, displayName) => {
  const { error } = await run({
    ...{ resource: 'service', operation: 'create', ...OFFER, tags: OFFER.tags.join(', ') },
    [name]: '={{ "" }}',
  });

  expect(error?.message).toBe(`${displayName}: is required and must not be empty.`);
  expect(sandbox.requests).toHaveLength(0);
});
