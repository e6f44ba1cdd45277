import type { Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { ORDER, SERVICE } from './parameters';

function rating(name: string, displayName: string, description: string): Parameter {
  return {
    name,
    displayName,
    description,
    kind: 'number',
    integer: true,
    min: 1,
    max: 5,
    default: 5,
    in: 'body',
    essential: true,
  };
}

/** What buyers say about services. */
export const review: Resource = {
  name: 'Review',
  operations: [
    {
      name: 'Get Many',
      action: 'Get many reviews',
      description: 'Get the reviews of a service',
      endpoint: 'GET /marketplace/reviews',
      token: 'optional',
      parameters: [{ ...SERVICE, in: 'query' }],
      response: { kind: 'list', key: 'reviews' },
    },
    {
      name: 'Submit',
      action: 'Submit review',
      description: 'Review a completed order as its buyer. Each order can be reviewed once.',
      endpoint: 'POST /marketplace/reviews',
      repeat: 'creating',
      parameters: [
        { ...ORDER, in: 'body' },
        {
          ...rating('rating', 'Rating', 'Your overall rating, from 1 to 5'),
          placement: 'required',
        },
        {
          // The reference calls only the other ratings optional (Submit a Review).
          name: 'content',
          displayName: 'Content',
          description: 'The text of the review',
          kind: 'text',
          rows: 4,
          in: 'body',
          placement: 'required',
        },
        rating(
          'communicationRating',
          'Communication Rating',
          'Your rating of the communication, from 1 to 5',
        ),
        rating('deliveryRating', 'Delivery Rating', 'Your rating of the delivery, from 1 to 5'),
        rating('qualityRating', 'Quality Rating', 'Your rating of the quality, from 1 to 5'),
      ],
      response: { kind: 'object', key: 'review' },
    },
  ],
};
