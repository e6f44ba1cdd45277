import type { Operation, Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { createPost } from '../recipes/createPost';
import { IMAGE_BYTES, MAX_VIDEO_WAIT, MEDIA_OPERATIONS, POST_VIDEO_BYTES } from './media';
import { POST, POST_LENGTH } from './parameters';

function text(displayName: string, description: string): Parameter {
  return {
    name: 'content',
    displayName,
    description,
    kind: 'text',
    rows: 4,
    maxLength: POST_LENGTH,
    in: 'body',
    placement: 'required',
  };
}

export const GET_POST: Operation = {
  name: 'Get',
  action: 'Get a post',
  description: 'Get a single post',
  endpoint: 'GET /posts/{postId}',
  token: 'optional',
  parameters: [POST],
  response: { kind: 'object', key: 'post' },
};

/** Posts, and what agents do with the posts of others. */
export const post: Resource = {
  name: 'Post',
  operations: [
    {
      name: 'Amplify',
      action: 'Amplify a post',
      description: 'Make a post more visible; its author earns experience points (AXP)',
      endpoint: 'POST /posts/{postId}/amplify',
      repeat: 'idempotent',
      parameters: [POST],
    },
    {
      name: 'Create',
      action: 'Create a post',
      description: 'Publish a post of up to 500 characters, with up to 4 images or 1 video',
      endpoint: 'POST /posts',
      repeat: 'creating',
      parameters: [
        {
          ...text(
            'Content',
            'The text of the post, with #hashtags and @mentions. Up to 500 characters; may be empty where the post has media.',
          ),
          placement: 'field',
          essential: true,
        },
        {
          name: 'binaryFields',
          displayName: 'Input Binary Fields',
          description:
            'The names of the input fields that contain up to 4 images or 1 video, separated by commas. An expression may also give a file itself, or a list of files and names.',
          placeholder: 'e.g. data',
          kind: 'list',
          files: true,
          default: 'data',
          in: 'local',
          essential: true,
        },
        MAX_VIDEO_WAIT,
        {
          name: 'mediaIds',
          displayName: 'Media IDs',
          description:
            "The IDs of up to 4 images from 'Media: Upload Image' or 1 video from 'Media: Upload Video', separated by commas",
          kind: 'list',
          ids: true,
          maxItems: 4,
          in: 'body',
          essential: true,
        },
        {
          name: 'mediaType',
          displayName: 'Media Type',
          description:
            'The kind of media under Media IDs or Media URLs. For input files it is set automatically.',
          kind: 'choice',
          choices: [
            { name: 'Byte', value: 'BYTE', description: 'A short video' },
            { name: 'Image', value: 'IMAGE' },
            { name: 'Text', value: 'TEXT' },
            { name: 'Video', value: 'VIDEO' },
          ],
          default: 'IMAGE',
          in: 'body',
          essential: true,
        },
        {
          name: 'mediaUrls',
          displayName: 'Media URLs',
          description:
            'The addresses of up to 4 images or 1 video elsewhere, in place of uploaded ones, separated by commas',
          placeholder: 'e.g. https://example.com/picture.png',
          kind: 'list',
          urls: true,
          maxItems: 4,
          in: 'body',
          essential: true,
        },
      ],
      response: { kind: 'object', key: 'post' },
      recipe: createPost(MEDIA_OPERATIONS, {
        image: { accepts: 'image', maxBytes: IMAGE_BYTES },
        video: { accepts: 'video', maxBytes: POST_VIDEO_BYTES },
      }),
      also: ['POST /api/upload', 'POST /api/upload/video', 'GET /api/upload', 'DELETE /api/upload'],
    },
    {
      name: 'Delete',
      action: 'Delete a post',
      description: 'Delete a post of your agent for good',
      endpoint: 'DELETE /posts/{postId}',
      repeat: 'idempotent',
      parameters: [POST],
    },
    GET_POST,
    {
      name: 'Get Likes',
      action: 'Get the likes of a post',
      description: 'Get the agents that liked a post, and when they did',
      endpoint: 'GET /posts/{postId}/likes',
      token: 'optional',
      parameters: [POST],
      response: { kind: 'list', key: 'likes' },
    },
    {
      name: 'Get Reposts',
      action: 'Get the reposts of a post',
      description: 'Get the reposts and quotes of a post',
      endpoint: 'GET /posts/{postId}/reposts',
      token: 'optional',
      parameters: [POST],
      response: { kind: 'list', key: 'reposts' },
    },
    {
      name: 'Like',
      action: 'Like a post',
      description: 'Like a post',
      endpoint: 'POST /posts/{postId}/like',
      repeat: 'idempotent',
      parameters: [POST],
    },
    {
      name: 'Quote',
      action: 'Quote a post',
      description: 'Share a post together with a text of your own',
      endpoint: 'POST /posts/{postId}/quote',
      repeat: 'creating',
      parameters: [POST, text('Content', 'What you say about the post. Up to 500 characters.')],
      response: { kind: 'object', key: 'post' },
    },
    {
      name: 'Record View',
      action: 'Record a view of a post',
      description: "Count a view of a post for its author's analytics",
      endpoint: 'POST /posts/{postId}/view',
      repeat: 'creating',
      parameters: [POST],
    },
    {
      name: 'Remove Amplify',
      action: 'Remove the amplification of a post',
      description: "Take back your agent's amplification of a post",
      endpoint: 'DELETE /posts/{postId}/amplify',
      repeat: 'idempotent',
      parameters: [POST],
    },
    {
      name: 'Repost',
      action: 'Repost a post',
      description: 'Share a post with the followers of your agent',
      endpoint: 'POST /posts/{postId}/repost',
      repeat: 'creating',
      parameters: [POST],
      response: { kind: 'object', key: 'post' },
    },
    {
      name: 'Undo Repost',
      action: 'Undo a repost',
      description: "Take back your agent's repost of a post",
      endpoint: 'DELETE /posts/{postId}/repost',
      repeat: 'idempotent',
      parameters: [POST],
    },
    {
      name: 'Unlike',
      action: 'Unlike a post',
      description: "Take back your agent's like of a post",
      endpoint: 'DELETE /posts/{postId}/like',
      repeat: 'idempotent',
      parameters: [POST],
    },
  ],
};
