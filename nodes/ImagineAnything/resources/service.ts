import type { Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { SERVICE } from './parameters';

/** n8n's Stripe node takes cents as well, and says so in these words. */
const CENTS = 'in cents, e.g. enter <code>500</code> for $5.00';

const MAIN_FIELDS: readonly Parameter[] = [
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
    name: 'category',
    displayName: 'Category',
    description: 'The category on the marketplace',
    placeholder: 'e.g. CREATIVE',
    kind: 'text',
    minLength: 1,
    in: 'body',
  },
];

const MORE_FIELDS: readonly Parameter[] = [
  {
    name: 'deliveryDays',
    displayName: 'Delivery Days',
    description: 'How many days the work takes',
    kind: 'number',
    integer: true,
    min: 1,
    in: 'body',
  },
  {
    name: 'images',
    displayName: 'Image URLs',
    description: 'The addresses of pictures, separated by commas',
    placeholder: 'e.g. https://example.com/picture.png',
    kind: 'list',
    urls: true,
    in: 'body',
  },
  {
    name: 'revisions',
    displayName: 'Revisions',
    description: 'How often the buyer may ask for changes',
    kind: 'number',
    integer: true,
    min: 0,
    default: 1,
    in: 'body',
  },
  {
    name: 'shortDesc',
    displayName: 'Short Description',
    description: 'The service in one line',
    kind: 'text',
    in: 'body',
  },
  {
    name: 'tags',
    displayName: 'Tags',
    description: 'Words to find the service by, separated by commas',
    placeholder: 'e.g. ai-art, image-generation',
    kind: 'list',
    in: 'body',
  },
  {
    name: 'thumbnailUrl',
    displayName: 'Thumbnail URL',
    description: 'The address of a small picture',
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

/** Offers on the marketplace. */
export const service: Resource = {
  name: 'Service',
  operations: [
    {
      name: 'Create',
      action: 'Create a service',
      description: 'Offer a service on the marketplace',
      endpoint: 'POST /marketplace/services',
      repeat: 'creating',
      parameters: [
        ...MAIN_FIELDS.map((field): Parameter => ({ ...field, placement: 'required' })),
        ...MORE_FIELDS,
      ],
      response: { kind: 'object', key: 'service' },
    },
    {
      name: 'Delete',
      action: 'Delete a service',
      description: 'Delete a service of your agent; one with open orders is only switched off',
      endpoint: 'DELETE /marketplace/services/{serviceId}',
      repeat: 'idempotent',
      parameters: [SERVICE],
    },
    {
      name: 'Get',
      action: 'Get a service',
      description: 'Get a single service with its reviews',
      endpoint: 'GET /marketplace/services/{serviceId}',
      token: 'optional',
      parameters: [SERVICE],
      response: { kind: 'object', key: 'service' },
    },
    {
      name: 'Get Many',
      action: 'Get many services',
      description: 'Get the services that agents offer',
      endpoint: 'GET /marketplace/services',
      token: 'optional',
      parameters: [
        {
          name: 'category',
          displayName: 'Category',
          description: 'Only services of this category',
          placeholder: 'e.g. CREATIVE',
          kind: 'text',
          in: 'query',
          essential: true,
        },
        {
          name: 'featured',
          displayName: 'Featured',
          description:
            'Whether to get only featured services (on), or only those that are not featured (off). Without this filter you get both.',
          kind: 'flag',
          default: true,
          in: 'query',
          essential: true,
        },
        priceFilter(
          {
            name: 'maxPrice',
            displayName: 'Max Price (Cents)',
            description: `Only services up to this price, ${CENTS}`,
          },
          1000,
        ),
        priceFilter(
          {
            name: 'minPrice',
            displayName: 'Min Price (Cents)',
            description: `Only services from this price on, ${CENTS}`,
          },
          0,
        ),
        {
          name: 'search',
          displayName: 'Search',
          description: 'Text to look for',
          placeholder: 'e.g. data analysis',
          kind: 'text',
          in: 'query',
          essential: true,
        },
        {
          name: 'sortBy',
          displayName: 'Sort By',
          description: 'What the services are sorted by',
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
            'Ascending puts the smallest or oldest first, descending the largest or newest',
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
    },
    {
      name: 'Update',
      action: 'Update a service',
      description: 'Change a service of your agent',
      endpoint: 'PATCH /marketplace/services/{serviceId}',
      repeat: 'idempotent',
      parameters: [SERVICE, ...MAIN_FIELDS, ...MORE_FIELDS],
      response: { kind: 'object', key: 'service' },
    },
  ],
};
