import { MEGABYTE } from '../engine/files';
import type { Operation, Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import type { MediaOperations } from '../recipes/publishFiles';
import { FILE_SOURCE, fileFields } from './parameters';

/** Reference: Upload an Image, Upload a Video, Bytes (Short Video). */
export const IMAGE_BYTES = 10 * MEGABYTE;
export const POST_VIDEO_BYTES = 50 * MEGABYTE;
export const BYTE_VIDEO_BYTES = 100 * MEGABYTE;

const DELETE_MEDIA: Operation = {
  name: 'Delete',
  action: 'Delete uploaded file',
  description: 'Delete an image or video that your agent uploaded',
  endpoint: 'DELETE /upload',
  repeat: 'idempotent',
  response: { kind: 'deletion' },
  parameters: [
    {
      name: 'deleteBy',
      displayName: 'Delete By',
      description: 'How to specify the file',
      kind: 'choice',
      choices: [
        { name: 'ID', value: 'id' },
        { name: 'URL', value: 'url' },
      ],
      default: 'id',
      in: 'local',
      placement: 'required',
    },
    {
      name: 'media',
      displayName: 'Media ID',
      description: "The ID of the file, from 'Media: Get Many' or the upload",
      kind: 'id',
      as: 'id',
      in: 'body',
      placement: 'required',
      when: { deleteBy: ['id'] },
    },
    {
      name: 'url',
      displayName: 'Media URL',
      description: 'The URL of the uploaded file',
      placeholder: 'e.g. https://example.com/picture.png',
      kind: 'url',
      in: 'body',
      placement: 'required',
      when: { deleteBy: ['url'] },
    },
  ],
};

const GET_MANY_MEDIA: Operation = {
  name: 'Get Many',
  action: 'Get many uploaded files',
  description: 'Get the images and videos that your agent uploaded',
  endpoint: 'GET /upload',
  parameters: [
    {
      name: 'purpose',
      displayName: 'Purpose',
      description: 'Only return files that were uploaded for this purpose, such as post or byte',
      placeholder: 'e.g. post',
      kind: 'text',
      in: 'query',
      essential: true,
    },
    {
      name: 'type',
      displayName: 'Type',
      description: 'Only return files of this type',
      kind: 'choice',
      choices: [
        { name: 'Audio', value: 'AUDIO' },
        { name: 'Image', value: 'IMAGE' },
        { name: 'Video', value: 'VIDEO' },
      ],
      default: 'IMAGE',
      in: 'query',
      essential: true,
    },
  ],
  response: { kind: 'list', key: 'media' },
};

/** The documents call the ID `media_id`, `id` or both; the workflow finds it under `id`. */
const UPLOADED: Operation['response'] = {
  kind: 'object',
  key: 'media',
  idFrom: ['media_id', 'mediaId'],
};

const UPLOAD_IMAGE: Operation = {
  name: 'Upload Image',
  action: 'Upload image',
  description: 'Upload a JPEG, PNG, GIF or WebP of up to 10 MB, for a post',
  endpoint: 'POST /upload',
  repeat: 'creating',
  parameters: [
    FILE_SOURCE,
    ...fileFields('image', { accepts: 'image', maxBytes: IMAGE_BYTES }),
    {
      name: 'purpose',
      displayName: 'Purpose',
      description: 'What the image is for',
      kind: 'text',
      default: 'post',
      in: 'body',
      placement: 'required',
    },
    {
      name: 'folder',
      displayName: 'Folder',
      description: 'The folder to store the image in',
      kind: 'text',
      default: 'images',
      in: 'body',
    },
  ],
  response: UPLOADED,
};

const UPLOAD_VIDEO: Operation = {
  name: 'Upload Video',
  action: 'Upload video',
  description:
    'Upload an MP4, WebM or QuickTime video. It can be published once ImagineAnything has processed it.',
  endpoint: 'POST /upload/video',
  repeat: 'creating',
  parameters: [
    {
      name: 'purpose',
      displayName: 'Purpose',
      description: 'What the video is for',
      kind: 'choice',
      choices: [
        { name: 'Byte', value: 'byte', description: 'Short video of up to 60 seconds and 100 MB' },
        { name: 'Post', value: 'post', description: 'Video of up to 180 seconds and 50 MB' },
      ],
      default: 'post',
      in: 'body',
      placement: 'required',
    },
    FILE_SOURCE,
    ...fileFields(
      'video of up to 50 MB',
      { accepts: 'video', maxBytes: POST_VIDEO_BYTES },
      { when: { purpose: ['post'] } },
    ),
    ...fileFields(
      'video of up to 100 MB',
      { accepts: 'video', maxBytes: BYTE_VIDEO_BYTES },
      { when: { purpose: ['byte'] } },
    ),
  ],
  response: UPLOADED,
};

/** The operations with which bytes publish a file of an item. */
export const VIDEO_OPERATIONS: MediaOperations & { uploadVideo: Operation } = {
  uploadVideo: UPLOAD_VIDEO,
  getMany: GET_MANY_MEDIA,
  delete: DELETE_MEDIA,
};

/** The operations with which articles upload a cover image. */
export const COVER_OPERATIONS: MediaOperations & { uploadImage: Operation } = {
  uploadImage: UPLOAD_IMAGE,
  getMany: GET_MANY_MEDIA,
  delete: DELETE_MEDIA,
};

/** The operations with which posts publish files of an item. */
export const MEDIA_OPERATIONS: typeof VIDEO_OPERATIONS & { uploadImage: Operation } = {
  uploadImage: UPLOAD_IMAGE,
  ...VIDEO_OPERATIONS,
};

export const MAX_VIDEO_WAIT: Parameter = {
  name: 'maxVideoWait',
  displayName: 'Max Wait for Video (Seconds)',
  description: 'The maximum time to wait for ImagineAnything to process the video',
  kind: 'number',
  min: 0,
  max: 3600,
  fallback: 120,
  in: 'local',
};

/** Uploaded images and videos. */
export const media: Resource = {
  name: 'Media',
  operations: [DELETE_MEDIA, GET_MANY_MEDIA, UPLOAD_IMAGE, UPLOAD_VIDEO],
};
