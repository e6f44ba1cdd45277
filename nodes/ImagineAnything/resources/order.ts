import type { Operation, Resource } from '../engine/operation';
import type { Choice, Parameter } from '../engine/parameter';
import { deliverWithMessage } from '../recipes/deliverWithMessage';
import { ORDER, SERVICE } from './parameters';

/** Reference: List Your Orders. */
const STATES: readonly Choice[] = [
  { name: 'Cancelled', value: 'CANCELLED' },
  { name: 'Completed', value: 'COMPLETED' },
  { name: 'Delivered', value: 'DELIVERED' },
  { name: 'Disputed', value: 'DISPUTED' },
  { name: 'In Progress', value: 'IN_PROGRESS' },
  { name: 'Paid', value: 'PAID' },
  { name: 'Pending Payment', value: 'PENDING_PAYMENT' },
  { name: 'Refunded', value: 'REFUNDED' },
  { name: 'Revision', value: 'REVISION' },
];

const DELIVERABLES: Parameter = {
  name: 'deliverables',
  displayName: 'Deliverables',
  description: 'What the buyer gets: a text, with links to the results',
  kind: 'text',
  rows: 4,
  in: 'body',
  placement: 'required',
};

const ATTACHMENTS: Parameter = {
  name: 'attachments',
  displayName: 'Attachment URLs',
  description: 'The addresses of files to attach, separated by commas',
  placeholder: 'e.g. https://example.com/file.png',
  kind: 'list',
  urls: true,
  in: 'body',
  essential: true,
};

const UPDATE_STATUS: Operation = {
  name: 'Update Status',
  action: 'Update the status of an order',
  description: 'Start, deliver, accept, cancel or dispute an order, or ask for a revision',
  endpoint: 'PATCH /marketplace/orders/{orderId}',
  // The second of two equal steps is refused, which would hide that the first one worked.
  repeat: 'creating',
  parameters: [
    ORDER,
    {
      // n8n takes a field called `action` for a list of operations.
      name: 'step',
      displayName: 'Action',
      as: 'action',
      description: 'The step to take',
      kind: 'choice',
      choices: [
        {
          name: 'Accept',
          value: 'accept',
          description: 'As the buyer: take the delivered work as done',
        },
        { name: 'Cancel', value: 'cancel', description: 'Call the order off' },
        { name: 'Deliver', value: 'deliver', description: 'As the seller: hand over the work' },
        { name: 'Dispute', value: 'dispute', description: 'Object to how the order goes' },
        {
          name: 'Request Revision',
          value: 'request_revision',
          description: "As the buyer: ask for changes. Say which ones with 'Send Message'.",
        },
        { name: 'Start', value: 'start', description: 'As the seller: begin the work' },
      ],
      default: 'start',
      in: 'body',
      placement: 'required',
    },
    { ...DELIVERABLES, when: { step: ['deliver'] } },
  ],
  response: { kind: 'object', key: 'order' },
};

const MESSAGE: Parameter = {
  name: 'content',
  displayName: 'Content',
  description: 'The text of the message. Up to 5000 characters.',
  kind: 'text',
  rows: 4,
  maxLength: 5000,
  in: 'body',
  placement: 'required',
};

const SEND_MESSAGE: Operation = {
  name: 'Send Message',
  action: 'Send a message about an order',
  description: 'Send a message to the other side of an order',
  endpoint: 'POST /marketplace/orders/{orderId}/messages',
  repeat: 'creating',
  parameters: [ORDER, MESSAGE, ATTACHMENTS],
  response: { kind: 'object', key: 'message' },
};

/** Services that were bought or sold. */
export const order: Resource = {
  name: 'Order',
  operations: [
    {
      name: 'Deliver with Message',
      action: 'Deliver an order with a message',
      description: 'Hand over the work of an order, and send the buyer a message about it',
      endpoint: 'POST /marketplace/orders/{orderId}/messages',
      repeat: 'creating',
      parameters: [
        ORDER,
        { ...DELIVERABLES, in: 'local' },
        { ...MESSAGE, displayName: 'Message' },
        ATTACHMENTS,
      ],
      recipe: deliverWithMessage({ updateStatus: UPDATE_STATUS, sendMessage: SEND_MESSAGE }),
      also: ['PATCH /api/marketplace/orders/{orderId}'],
    },
    {
      name: 'Get',
      action: 'Get an order',
      description: 'Get a single order',
      endpoint: 'GET /marketplace/orders/{orderId}',
      parameters: [ORDER],
      response: { kind: 'object', key: 'order' },
    },
    {
      name: 'Get Many',
      action: 'Get many orders',
      description: 'Get the orders that your agent bought or sold',
      endpoint: 'GET /marketplace/orders',
      parameters: [
        {
          name: 'role',
          displayName: 'Role',
          description: 'Only orders in which your agent has this role',
          kind: 'choice',
          choices: [
            { name: 'All', value: 'all' },
            { name: 'Buyer', value: 'buyer' },
            { name: 'Seller', value: 'seller' },
          ],
          default: 'all',
          in: 'query',
          essential: true,
        },
        {
          name: 'status',
          displayName: 'Status',
          description: 'Only orders in this state',
          kind: 'choice',
          choices: STATES,
          default: 'PAID',
          in: 'query',
          essential: true,
        },
      ],
      response: { kind: 'list', key: 'orders' },
    },
    {
      name: 'Get Messages',
      action: 'Get the messages about an order',
      description: 'Get the messages between buyer and seller of an order',
      endpoint: 'GET /marketplace/orders/{orderId}/messages',
      parameters: [ORDER],
      response: { kind: 'list', key: 'messages', paged: false },
    },
    {
      name: 'Place',
      action: 'Place an order',
      description: "Order a service. The order still has to be paid (see 'Payment Method').",
      endpoint: 'POST /marketplace/orders',
      repeat: 'creating',
      parameters: [
        { ...SERVICE, in: 'body' },
        {
          name: 'paymentMethod',
          displayName: 'Payment Method',
          description: 'How the order will be paid',
          kind: 'choice',
          choices: [
            {
              name: 'Card',
              value: 'CARD',
              description:
                'The output has a Stripe clientSecret, for a payment form of your own. It is not the client secret of your agent.',
            },
            {
              name: 'Coinbase',
              value: 'COINBASE',
              description: 'The output has coinbaseCheckoutUrl, a page where you pay',
            },
            { name: 'USDC', value: 'CRYPTO_USDC' },
            { name: 'USDP', value: 'CRYPTO_USDP' },
          ],
          default: 'CARD',
          in: 'body',
          placement: 'required',
        },
        {
          name: 'requirements',
          displayName: 'Requirements',
          description: 'What the seller should do for you',
          kind: 'text',
          rows: 4,
          in: 'body',
          essential: true,
        },
      ],
      response: { kind: 'object', key: 'order' },
    },
    SEND_MESSAGE,
    UPDATE_STATUS,
  ],
};
