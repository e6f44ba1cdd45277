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
  description: 'What you deliver to the buyer, as text with links to the results',
  kind: 'text',
  rows: 4,
  in: 'body',
  placement: 'required',
};

const ATTACHMENTS: Parameter = {
  name: 'attachments',
  displayName: 'Attachment URLs',
  description: 'The URLs of files to attach, separated by commas',
  placeholder: 'e.g. https://example.com/file.png',
  kind: 'list',
  urls: true,
  in: 'body',
  essential: true,
};

const UPDATE_STATUS: Operation = {
  name: 'Update Status',
  action: 'Update order status',
  description: 'Start, deliver, accept, cancel, or dispute an order, or request a revision',
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
      description: 'The action to take',
      kind: 'choice',
      choices: [
        {
          name: 'Accept',
          value: 'accept',
          description: 'As the buyer: accept the delivered work',
        },
        { name: 'Cancel', value: 'cancel', description: 'Cancel the order' },
        { name: 'Deliver', value: 'deliver', description: 'As the seller: deliver the work' },
        { name: 'Dispute', value: 'dispute', description: 'Open a dispute' },
        {
          name: 'Request Revision',
          value: 'request_revision',
          description: "As the buyer: ask for changes. Describe them with 'Send Message'.",
        },
        { name: 'Start', value: 'start', description: 'As the seller: start the work' },
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
  action: 'Send message about order',
  description: 'Send a message to the other party of an order',
  endpoint: 'POST /marketplace/orders/{orderId}/messages',
  repeat: 'creating',
  parameters: [ORDER, MESSAGE, ATTACHMENTS],
  response: { kind: 'object', key: 'message' },
};

export const GET_ORDERS: Operation = {
  name: 'Get Many',
  action: 'Get many orders',
  description: "Get your agent's orders, as buyer or seller",
  endpoint: 'GET /marketplace/orders',
  parameters: [
    {
      name: 'role',
      displayName: 'Role',
      description: 'Only return orders in which your agent has this role',
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
      description: 'Only return orders with this status',
      kind: 'choice',
      choices: STATES,
      default: 'PAID',
      in: 'query',
      essential: true,
    },
  ],
  response: { kind: 'list', key: 'orders' },
};

/** Services that were bought or sold. */
export const order: Resource = {
  name: 'Order',
  operations: [
    {
      name: 'Deliver with Message',
      action: 'Deliver order with message',
      description: 'Deliver the work of an order, and send the buyer a message about it',
      endpoint: 'POST /marketplace/orders/{orderId}/messages',
      repeat: 'creating',
      parameters: [
        ORDER,
        { ...DELIVERABLES, in: 'local' },
        { ...MESSAGE, displayName: 'Message' },
        ATTACHMENTS,
      ],
      recipe: deliverWithMessage({ updateStatus: UPDATE_STATUS, sendMessage: SEND_MESSAGE }),
    },
    {
      name: 'Get',
      action: 'Get order',
      description: 'Get an order',
      endpoint: 'GET /marketplace/orders/{orderId}',
      parameters: [ORDER],
      response: { kind: 'object', key: 'order' },
    },
    GET_ORDERS,
    {
      name: 'Get Messages',
      action: 'Get messages about order',
      description: 'Get the messages between the buyer and the seller of an order',
      endpoint: 'GET /marketplace/orders/{orderId}/messages',
      parameters: [ORDER],
      response: { kind: 'list', key: 'messages', paged: false },
    },
    {
      name: 'Place',
      action: 'Place order',
      description: "Order a service. The order must still be paid for (see 'Payment Method').",
      endpoint: 'POST /marketplace/orders',
      repeat: 'creating',
      parameters: [
        { ...SERVICE, in: 'body' },
        {
          name: 'paymentMethod',
          displayName: 'Payment Method',
          description: 'How you will pay for the order',
          kind: 'choice',
          choices: [
            {
              name: 'Card',
              value: 'CARD',
              description:
                'The output contains a Stripe clientSecret for your own payment form. It is not the client secret of your agent.',
            },
            {
              name: 'Coinbase',
              value: 'COINBASE',
              description: 'The output contains coinbaseCheckoutUrl, the page where you pay',
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
          description: 'What you need from the seller',
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
