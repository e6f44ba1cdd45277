import type { INodeParameters } from 'n8n-workflow';
import { newest, orderOf } from '../operations/marketplace';
import { byId, postOfOther, type Fixture } from '../operations/fixture';
import type { OrderStatus } from '../sandbox/entities';
import { type Boundary, describeBoundaries, limit, upload } from './support/boundaries';

/** Empty in a way that n8n itself does not notice before the node runs. */
const EMPTY = '={{ "" }}';

const field = (name: string) => (value: string | number) => ({ [name]: value });
const additional = (name: string) => (value: string | number | string[]) => ({
  additionalFields: { [name]: value },
});

/* Orders */

/** Which side takes each step, and from where. */
const STEPS: ReadonlyArray<
  readonly [action: string, side: 'buyer' | 'seller', from: OrderStatus, to: OrderStatus]
> = [
  ['start', 'seller', 'PAID', 'IN_PROGRESS'],
  ['deliver', 'seller', 'IN_PROGRESS', 'DELIVERED'],
  ['accept', 'buyer', 'DELIVERED', 'COMPLETED'],
  ['request_revision', 'buyer', 'DELIVERED', 'REVISION'],
  ['dispute', 'buyer', 'DELIVERED', 'DISPUTED'],
  ['cancel', 'seller', 'PAID', 'CANCELLED'],
];

/** An order in which the agent of the credential has a side. */
const orderAs =
  (side: 'buyer' | 'seller', status: OrderStatus, operation: string, more: INodeParameters = {}) =>
  async (fixture: Fixture): Promise<INodeParameters> => ({
    resource: 'order',
    operation,
    order: byId((await orderOf(fixture, side === 'buyer' ? 'me' : 'other', status)).id),
    ...more,
  });

const delivery = orderAs('seller', 'IN_PROGRESS', 'updateStatus', { step: 'deliver' });
const deliveryWithMessage = (more: INodeParameters) =>
  orderAs('seller', 'IN_PROGRESS', 'deliverWithMessage', more);
const noDeliverables = 'Deliverables: is required and must not be empty.';

const orders: Boundary[] = [
  ...limit(
    'order action',
    orderAs('seller', 'IN_PROGRESS', 'updateStatus', { deliverables: 'x' }),
    field('step'),
    [],
    [
      ['NO_SUCH', 'Action: is "NO_SUCH", but must be one of accept, cancel, deliver, dispute, '],
      [EMPTY, 'Action: is required and must not be empty.'],
    ],
  ),
  ...limit('deliverables', delivery, field('deliverables'), ['x'], [[EMPTY, noDeliverables]]),
  ...limit(
    'deliverables with a message',
    deliveryWithMessage({ content: 'Enjoy!' }),
    field('deliverables'),
    ['x'],
    [[' ', noDeliverables]],
  ),
  ...limit<string | string[]>(
    'attachments',
    orderAs('buyer', 'PAID', 'sendMessage', { content: 'Look' }),
    additional('attachments'),
    ['https://example.com/a.png, http://example.com/b.png', ['https://example.com/a,b.png']],
    [
      [
        'https://example.com/a.png, file.png',
        'Attachment URLs: "file.png" is not a valid URL. It must start with https://.',
      ],
      [
        ['ftp://example.com/a.png'],
        'Attachment URLs: "ftp://example.com/a.png" is not a valid URL. It must start with https://.',
      ],
    ],
  ),
];

/* Choices that come from the item: n8n then shows the fields of all of them, and asks for none. */

const chosenByItem: Boundary[] = [
  ...limit(
    'chosen by an expression',
    orderAs('seller', 'PAID', 'updateStatus'),
    field('step'),
    ['={{ "start" }}'],
    [],
  ),
  ...limit(
    'chosen by an expression',
    () => ({ resource: 'notification', operation: 'markAsRead' }),
    field('all'),
    ['={{ true }}'],
    [],
  ),
  ...limit(
    'chosen by an expression',
    async (fixture) => {
      await upload(fixture, 'image/png');
      return { resource: 'media', operation: 'delete' };
    },
    (deleteBy: string, { sandbox }) => ({ deleteBy, media: newest(sandbox.state.media).id }),
    ['={{ "id" }}'],
    [],
  ),
];

/* Reports, notifications, analytics, search */

const noIds = 'Notification IDs: is required and must not be empty.';

const others: Boundary[] = [
  ...limit(
    'target of a report',
    async (fixture) => {
      const { id } = await postOfOther(fixture);
      const other = fixture.sandbox.as(fixture.other.handle);
      await other.post(`/api/posts/${id}/comments`, { content: 'Buy' });
      return { resource: 'report', operation: 'create', reason: 'SPAM' };
    },
    (target: 'agent' | 'post' | 'comment' | 'none', { sandbox: { state }, other }) => {
      if (target === 'none') return {};
      if (target === 'comment') return { reportedComment: newest(state.comments).id };
      if (target === 'post') return { reportedPost: byId(newest(state.posts).id) };
      return { reportedAgent: byId(other.id) };
    },
    ['agent', 'post', 'comment'],
    [
      [
        'none',
        'Reported Agent, Reported Post, Reported Comment ID: at least one of these fields is required.',
      ],
    ],
  ),
  ...limit(
    'notifications',
    async ({ sandbox, me, other }) => {
      await sandbox.as(other.handle).post(`/api/agents/${me.handle}/follow`);
      return { resource: 'notification', operation: 'markAsRead' };
    },
    (which: string, { sandbox }) =>
      which === 'all'
        ? { all: true }
        : { all: false, ids: which === 'one' ? newest(sandbox.state.notifications).id : which },
    ['all', 'one'],
    [
      [EMPTY, noIds],
      [', ,', noIds],
      ['={{ [] }}', noIds],
    ],
  ),
  ...limit(
    'search',
    () => ({ resource: 'discovery', operation: 'search' }),
    field('query'),
    ['a'],
    [
      [EMPTY, 'Query: is required and must not be empty.'],
      ['  ', 'Query: is required and must not be empty.'],
    ],
  ),
];

/* Texts */

const texts: Boundary[] = [
  ...limit(
    'response time',
    () => ({ resource: 'profile', operation: 'updateCapabilities' }),
    (responseTime: string) => ({ updateFields: { responseTime } }),
    ['x'],
    [['', 'Response Time: has 0 characters, but at least 1 are needed.']],
  ),
];

describeBoundaries(
  'parameters that depend on others',
  [orders, chosenByItem, others, texts].flat(),
  (harness) => {
    it.each(STEPS)('order action %s, by the %s of an order that is %s', async (action, ...step) => {
      const [side, from, to] = step;
      const parameters = { step: action, ...(action === 'deliver' && { deliverables: 'Done' }) };
      const fixed = await orderAs(side, from, 'updateStatus')(harness.fixture);
      const { error } = await harness.run({ parameters: { ...fixed, ...parameters } });

      expect(error).toBeUndefined();
      expect(newest(harness.sandbox.state.orders).status).toBe(to);
    });

    it.each(STEPS.filter(([action]) => action !== 'dispute' && action !== 'cancel'))(
      'order action %s is the %s’s; to the other side the service refuses it',
      async (action, side, from) => {
        const parameters = { step: action, ...(action === 'deliver' && { deliverables: 'Done' }) };
        const other = side === 'buyer' ? 'seller' : 'buyer';
        const fixed = await orderAs(other, from, 'updateStatus')(harness.fixture);
        const { error } = await harness.run({ parameters: { ...fixed, ...parameters } });

        expect(error?.context).toMatchObject({ httpStatus: 403, errorCode: 'forbidden' });
        expect(newest(harness.sandbox.state.orders).status).toBe(from);
      },
    );
  },
);
