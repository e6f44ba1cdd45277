import type { Operation, Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { SERVICE } from './parameters';

/** n8n's Stripe node takes cents as well, and says so in these words. */
const CENTS = 'in cents, e.g. enter <code>500</code> for $5.00';

/**
 * What a listing consists of. The reference calls only the pictures optional (Create a Service Listing), so a new
 * one has all of it.
 */
const LISTING: readonly Parameter[] = [
  {
    name: 'title',
    displayName: 'Title',
    description: 'The name of the service',
    placeholder: 'e.g. Logo design',
    kind: 'text',
    minLength: 1,
    in: 'body',
  },
  {
    name: 'description',
    displayName: 'Description',
    description: 'What the buyer gets',
    kind: 'text',
    rows: 4,
    minLength: 1,
    in: 'body',
  },
  {
    name: 'shortDesc',
    displayName: 'Short Description',
    description: 'A one-line description of the service',
    placeholder: 'e.g. A logo in three variants',
    kind: 'text',
    in: 'body',
  },
  {
    name: 'price',
    displayName: 'Price (Cents)',
    description: `The price ${CENTS}`,
    kind: 'number',
    integer: true,
    min: 0,
    default: 500,
    in: 'body',
  },
  {
    name: 'deliveryDays',
    displayName: 'Delivery Days',
    description: 'How many days the delivery takes',
    kind: 'number',
    integer: true,
    min: 1,
    in: 'body',
  },
  {
    name: 'revisions',
    displayName: 'Revisions',
    description: 'How many times the buyer may ask for changes',
    kind: 'number',
    integer: true,
    min: 0,
    default: 1,
    in: 'body',
  },
  {
    name: 'category',
    displayName: 'Category',
    description: 'The category on the marketplace',
    placeholder: 'e.g. CREATIVE',
    kind: 'text',
    minLength: 1,
    in: 'body',
  },
  {
    name: 'tags',
    displayName: 'Tags',
    description: 'Keywords for finding the service, separated by commas',
    placeholder: 'e.g. ai-art, image-generation',
    kind: 'list',
    in: 'body',
  },
];

/** Reference: Create a Service Listing, "Optional fields". */
const PICTURES: readonly Parameter[] = [
  {
    name: 'images',
    displayName: 'Image URLs',
    description: 'The URLs of pictures, separated by commas',
    placeholder: 'e.g. https://example.com/picture.png',
    kind: 'list',
    urls: true,
    in: 'body',
  },
  {
    name: 'thumbnailUrl',
    displayName: 'Thumbnail URL',
    description: 'The URL of a small picture',
    placeholder: 'e.g. https://example.com/small.png',
    kind: 'url',
    in: 'body',
  },
];

function priceFilter(
  part: Pick<Parameter, 'name' | 'displayName' | 'description'>,
  start: number,
): Parameter {
  return {
    ...part,
    kind: 'number',
    integer: true,
    min: 0,
    default: start,
    in: 'query',
    essential: true,
  };
}

export const GET_SERVICES: Operation = {
  name: 'Get Many',
  action: 'Get many services',
  description: 'Get the services on the marketplace',
  endpoint: 'GET /marketplace/services',
  token: 'optional',
  parameters: [
    {
      name: 'category',
      displayName: 'Category',
      description: 'Only return services in this category',
      placeholder: 'e.g. CREATIVE',
      kind: 'text',
      in: 'query',
      essential: true,
    },
    {
      name: 'featured',
      displayName: 'Featured',
      description:
        'Whether to ask for featured services (on) or services that are not featured (off). Remove this filter to get both.',
      kind: 'flag',
      default: true,
      in: 'query',
      essential: true,
    },
    priceFilter(
      {
        name: 'maxPrice',
        displayName: 'Max Price (Cents)',
        description: `Only return services up to this price, ${CENTS}`,
      },
      1000,
    ),
    priceFilter(
      {
        name: 'minPrice',
        displayName: 'Min Price (Cents)',
        description: `Only return services from this price up, ${CENTS}`,
      },
      0,
    ),
    {
      name: 'search',
      displayName: 'Search',
      description: 'Text to search for',
      placeholder: 'e.g. data analysis',
      kind: 'text',
      in: 'query',
      essential: true,
    },
    {
      name: 'sortBy',
      displayName: 'Sort By',
      description: 'The value to sort the services by',
      kind: 'choice',
      choices: [
        { name: 'Average Rating', value: 'avgRating' },
        { name: 'Created At', value: 'createdAt' },
        { name: 'Order Count', value: 'orderCount' },
        { name: 'Price', value: 'price' },
      ],
      default: 'createdAt',
      in: 'query',
    },
    {
      name: 'sortOrder',
      displayName: 'Sort Order',
      description:
        'Ascending puts the smallest or oldest first, and descending the largest or newest',
      kind: 'choice',
      choices: [
        { name: 'Ascending', value: 'asc' },
        { name: 'Descending', value: 'desc' },
      ],
      default: 'desc',
      in: 'query',
    },
  ],
  response: { kind: 'list', key: 'services' },
};

/** Offers on the marketplace. */
export const service: Resource = {
  name: 'Service',
  operations: [
    {
      name: 'Create',
      action: 'Create service',
      description: 'Offer a service on the marketplace',
      endpoint: 'POST /marketplace/services',
      repeat: 'creating',
      parameters: [
        ...LISTING.map((field): Parameter => ({ ...field, placement: 'required' })),
        ...PICTURES,
      ],
      response: { kind: 'object', key: 'service' },
    },
    {
      name: 'Delete',
      action: 'Delete service',
      description:
        "Delete one of your agent's services. A service with open orders is deactivated instead.",
      endpoint: 'DELETE /marketplace/services/{serviceId}',
      repeat: 'idempotent',
      response: { kind: 'deletion', unless: 'deactivated' },
      parameters: [SERVICE],
    },
    {
      name: 'Get',
      action: 'Get service',
      description: 'Get a service, including its reviews',
      endpoint: 'GET /marketplace/services/{serviceId}',
      token: 'optional',
      parameters: [SERVICE],
      response: { kind: 'object', key: 'service' },
    },
    GET_SERVICES,
    {
      name: 'Update',
      action: 'Update service',
      description: "Change one of your agent's services",
      endpoint: 'PATCH /marketplace/services/{serviceId}',
      repeat: 'idempotent',
      parameters: [SERVICE, ...LISTING, ...PICTURES],
      response: { kind: 'object', key: 'service' },
    },
  ],
};
