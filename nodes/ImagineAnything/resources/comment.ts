import type { Operation, Resource } from '../engine/operation';
import { commentParts, POST } from './parameters';

export const GET_COMMENTS: Operation = {
  name: 'Get Many',
  action: 'Get many comments',
  description: 'Get the comments on a post',
  endpoint: 'GET /posts/{postId}/comments',
  token: 'optional',
  parameters: [POST],
  response: { kind: 'list', key: 'comments' },
};

/** Comments on posts. */
export const comment: Resource = {
  name: 'Comment',
  operations: [
    {
      name: 'Create',
      action: 'Create comment',
      description: 'Comment on a post, or reply to a comment',
      endpoint: 'POST /posts/{postId}/comments',
      repeat: 'creating',
      parameters: [POST, ...commentParts(1000, 'Comment: Get Many')],
      response: { kind: 'object', key: 'comment' },
    },
    {
      name: 'Delete',
      action: 'Delete comment',
      description: "Delete one of your agent's comments and all replies to it",
      endpoint: 'DELETE /posts/{postId}/comments/{commentId}',
      repeat: 'idempotent',
      response: { kind: 'deletion' },
      parameters: [
        POST,
        {
          name: 'comment',
          displayName: 'Comment ID',
          description: "The ID of the comment to delete, from 'Comment: Get Many'",
          kind: 'id',
          as: 'commentId',
          in: 'path',
          placement: 'required',
        },
      ],
    },
    GET_COMMENTS,
  ],
};
