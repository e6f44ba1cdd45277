import type { INodeParameters } from 'n8n-workflow';
import { newest } from '../operations/marketplace';
import { type FileType, fileOf } from '../sandbox/testing';
import {
  type Boundary,
  choice,
  describeBoundaries,
  limit,
  upload,
  type Variation,
} from './support/boundaries';

// A file of 100 MB takes its time on a busy machine.
jest.setTimeout(60_000);

/** Empty in a way that n8n itself does not notice before the node runs. */
const EMPTY = '={{ "" }}';

const MEGABYTE = 1_000_000;
const IMAGES: FileType[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const VIDEOS: FileType[] = ['video/mp4', 'video/webm', 'video/quicktime'];

const uploadImage = () => ({ resource: 'media', operation: 'uploadImage', purpose: 'post' });
const uploadVideo = (purpose: string) => () => ({
  resource: 'media',
  operation: 'uploadVideo',
  purpose,
});
const uploadAvatar = () => ({ resource: 'profile', operation: 'uploadAvatar' });
const createByte = () => ({ resource: 'byte', operation: 'create', videoSource: 'binary' });
const createPost = () => ({ resource: 'post', operation: 'create', content: 'Look' });

const theFile = 'Input Binary Field: the file in "data"';

const data = (file: Buffer): Variation => ({
  parameters: { binaryPropertyName: 'data' },
  files: { data: file },
});

function types(what: string, arrange: Boundary['arrange'], accepted: FileType[]): Boundary[] {
  const [wrong, names] =
    accepted === IMAGES
      ? (['video/mp4', 'JPG, PNG, GIF, WEBP'] as const)
      : (['image/png', 'MOV, MP4, WEBM'] as const);
  return limit(
    what,
    arrange,
    (type: FileType | 'application/pdf') =>
      data(type === 'application/pdf' ? Buffer.from('%PDF-1.7\n') : fileOf(type)),
    accepted,
    [
      [wrong, `${theFile} is a`],
      ['application/pdf', `${theFile} is of another type. Allowed are ${names}.`],
    ],
  );
}

/** A file of so many bytes is taken, one more is not. */
function size(
  what: string,
  arrange: Boundary['arrange'],
  type: FileType,
  megabytes: number,
): Boundary[] {
  const max = megabytes * MEGABYTE;
  return limit(
    what,
    arrange,
    (bytes: number) => data(fileOf(type, bytes)),
    [max],
    [[max + 1, `${theFile} has `]],
  );
}

/** Files of these types, each in a binary field of its own, for one post. */
function filesOf(all: FileType[]): Variation {
  const files = Object.fromEntries(all.map((type, index) => [`file${index}`, fileOf(type)]));
  const binaryFields = Object.keys(files).join(', ');
  return { parameters: { additionalFields: { binaryFields } }, files };
}

const pngs = (count: number) => Array<FileType>(count).fill('image/png');

const boundaries: Boundary[] = [
  ...types('image', uploadImage, IMAGES),
  ...types('avatar', uploadAvatar, IMAGES),
  ...types('video', uploadVideo('post'), VIDEOS),
  ...size('image of bytes', uploadImage, 'image/png', 10),
  ...size('avatar of bytes', uploadAvatar, 'image/png', 5),
  ...size('video for a post of bytes', uploadVideo('post'), 'video/mp4', 50),
  ...size('video for a byte of bytes', uploadVideo('byte'), 'video/mp4', 100),
  ...size('byte of bytes', createByte, 'video/mp4', 100),
  ...choice(
    'video for',
    'Purpose',
    () => ({ resource: 'media', operation: 'uploadVideo' }),
    (purpose) => {
      const { parameters, files } = data(fileOf('video/mp4'));
      return { parameters: { ...parameters, purpose }, files };
    },
    ['post', 'byte'],
  ),
  ...limit(
    'files of a post',
    createPost,
    filesOf,
    [pngs(1), pngs(4), ['video/mp4']],
    [
      [pngs(5), 'Input Binary Fields: a post can have up to 4 images, but there are 5.'],
      [
        ['video/mp4', 'video/webm'],
        'Input Binary Fields: a post can have one video, but there are 2.',
      ],
      [
        ['image/png', 'video/mp4'],
        'Input Binary Fields: a post can have images or a video, not both.',
      ],
    ],
  ),
  ...limit(
    'file of a post',
    createPost,
    (file: { type: FileType; bytes: number }) => ({
      parameters: { additionalFields: { binaryFields: 'data' } },
      files: { data: fileOf(file.type, file.bytes) },
    }),
    [{ type: 'image/png', bytes: 10 * MEGABYTE }],
    [
      [
        { type: 'image/png', bytes: 10 * MEGABYTE + 1 },
        'Input Binary Fields: the file in "data" has ',
      ],
      [
        { type: 'video/mp4', bytes: 50 * MEGABYTE + 1 },
        'Input Binary Fields: the file in "data" has ',
      ],
    ],
  ),
  ...limit(
    'uploaded media of a post',
    async (fixture) => {
      for (let i = 0; i < 5; i++) await upload(fixture, 'image/png');
      return createPost();
    },
    (count: number, { sandbox, me }) => {
      const own = [...sandbox.state.media.values()].filter(({ agentId }) => agentId === me.id);
      return { additionalFields: { mediaIds: own.slice(0, count).map(({ id }) => id) } };
    },
    [4],
    [[5, 'Media IDs: has 5 entries, but at most 4 are allowed.']],
  ),
  ...limit(
    'media of a post elsewhere',
    createPost,
    (count: number) => ({
      additionalFields: {
        mediaUrls: Array.from({ length: count }, (_, i) => `https://example.com/${i}.png`),
      },
    }),
    [4],
    [[5, 'Media URLs: has 5 entries, but at most 4 are allowed.']],
  ),
  ...limit(
    'deleting a file',
    async (fixture) => {
      await upload(fixture, 'image/png');
      return { resource: 'media', operation: 'delete' };
    },
    (by: 'id' | 'url', { sandbox: { state } }) =>
      by === 'id'
        ? { deleteBy: by, media: newest(state.media).id }
        : { deleteBy: by, url: newest(state.media).url },
    ['id', 'url'],
    [],
  ),
  ...limit(
    'deleting a file',
    () => ({ resource: 'media', operation: 'delete' }),
    (parameters: INodeParameters) => parameters,
    [],
    [
      [{ deleteBy: 'id', media: EMPTY }, 'Media ID: is empty.'],
      [{ deleteBy: 'id', media: '../me' }, 'Media ID: "../me" is not a valid ID.'],
      [{ deleteBy: 'url', url: EMPTY }, 'Media URL: is required and must not be empty.'],
      [{ deleteBy: 'url', url: 'media_1' }, 'Media URL: "media_1" is not a valid URL.'],
    ],
  ),
];

describeBoundaries('limits of files', boundaries);
