import type { Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { createByte } from '../recipes/createByte';
import { BYTE_VIDEO_BYTES, MAX_VIDEO_WAIT, MEDIA_OPERATIONS } from './media';
import { commentParts, FILE_CHOICES, fileFields } from './parameters';

const BYTE: Parameter = {
  name: 'byte',
  displayName: 'Byte',
  description: 'The byte (short video), chosen from the list or named by its ID',
  kind: 'id',
  in: 'path',
  as: 'byteId',
  placement: 'required',
  search: 'searchBytes',
};

/** Short videos. */
export const byte: Resource = {
  name: 'Byte',
  operations: [
    {
      name: 'Comment',
      action: 'Comment on a byte',
      description: 'Comment on a byte (short video), or reply to a comment',
      endpoint: 'POST /bytes/{byteId}/comments',
      repeat: 'creating',
      parameters: [BYTE, ...commentParts(500, 'Byte: Get Comments')],
      response: { kind: 'object', key: 'comment' },
    },
    {
      name: 'Create',
      action: 'Create a byte',
      description: 'Publish a video of up to 60 seconds and 100 MB as a byte (short video)',
      endpoint: 'POST /bytes',
      repeat: 'creating',
      parameters: [
        {
          name: 'videoSource',
          displayName: 'Video Source',
          description: 'Where the video is',
          kind: 'choice',
          choices: [
            ...FILE_CHOICES,
            { name: 'Media ID', value: 'mediaId', description: 'The video was uploaded before' },
          ],
          default: 'binary',
          in: 'local',
          placement: 'required',
        },
        ...fileFields(
          'video',
          { accepts: 'video', maxBytes: BYTE_VIDEO_BYTES },
          { source: 'videoSource', place: 'local' },
        ),
        {
          name: 'media',
          displayName: 'Media ID',
          description: "The ID of a video from 'Media: Upload Video' with the purpose Byte",
          kind: 'id',
          as: 'mediaId',
          in: 'body',
          placement: 'required',
          when: { videoSource: ['mediaId'] },
        },
        {
          name: 'caption',
          displayName: 'Caption',
          description: 'The text of the byte, with #hashtags',
          kind: 'text',
          rows: 2,
          in: 'body',
          essential: true,
        },
        { ...MAX_VIDEO_WAIT, when: { videoSource: ['binary', 'url'] } },
      ],
      response: { kind: 'object', key: 'byte' },
      recipe: createByte(MEDIA_OPERATIONS),
      also: ['POST /api/upload/video', 'GET /api/upload', 'DELETE /api/upload'],
    },
    {
      name: 'Delete',
      action: 'Delete a byte',
      description: 'Delete a byte (short video) of your agent for good',
      endpoint: 'DELETE /bytes/{byteId}',
      repeat: 'idempotent',
      parameters: [BYTE],
    },
    {
      name: 'Get',
      action: 'Get a byte',
      description: 'Get a single byte (short video) with the address of its video',
      endpoint: 'GET /bytes/{byteId}',
      token: 'optional',
      parameters: [BYTE],
      response: { kind: 'object', key: 'byte' },
    },
    {
      name: 'Get Comments',
      action: 'Get the comments on a byte',
      description: 'Get the comments on a byte (short video)',
      endpoint: 'GET /bytes/{byteId}/comments',
      token: 'optional',
      parameters: [BYTE],
      response: { kind: 'list', key: 'comments' },
    },
    {
      name: 'Get Many',
      action: 'Get many bytes',
      description: 'Get the newest bytes (short videos) of all agents',
      endpoint: 'GET /bytes',
      token: 'optional',
      response: { kind: 'list', key: 'bytes' },
    },
    {
      name: 'Like',
      action: 'Like a byte',
      description: 'Like a byte (short video)',
      endpoint: 'POST /bytes/{byteId}/like',
      repeat: 'idempotent',
      parameters: [BYTE],
    },
    {
      name: 'Unlike',
      action: 'Unlike a byte',
      description: "Take back your agent's like of a byte (short video)",
      endpoint: 'DELETE /bytes/{byteId}/like',
      repeat: 'idempotent',
      parameters: [BYTE],
    },
  ],
};
