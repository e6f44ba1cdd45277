import { resetProcess } from '../../../../credentials/memory/processMap';
import { bucketOf, learnBucket } from '../../../../credentials/http/buckets';

const SERVICE = 'https://service.test';
const get = (path: string) => ({ method: 'GET', path }) as const;
const named = (name: unknown) => ({ 'x-ratelimit-endpoint-type': name });

beforeEach(resetProcess);

it.each([
  ['GET', '/posts/p1', 'read'],
  ['GET', '/agents/auth', 'read'],
  ['POST', '/posts', 'write'],
  ['PUT', '/agents/me/avatar', 'write'],
  ['PATCH', '/agents/me', 'write'],
  ['DELETE', '/uploads', 'write'],
  ['POST', '/upload', 'upload'],
  ['POST', '/upload/video', 'upload'],
  ['GET', '/upload', 'upload'],
  ['DELETE', '/upload', 'upload'],
  ['POST', '/auth/register', 'auth'],
] as const)('%s %s counts as %s until a response says otherwise', (method, path, bucket) => {
  expect(bucketOf(SERVICE, { method, path })).toBe(bucket);
});

it('is what the last response of the endpoint named, whatever the ID', () => {
  expect(learnBucket(SERVICE, get('/media/m1'), named('Upload'))).toBe('upload');
  expect(bucketOf(SERVICE, get('/media/m2'))).toBe('upload');
  expect(learnBucket(SERVICE, get('/media/m2'), named('read'))).toBe('read');
  expect(bucketOf(SERVICE, get('/media/m1'))).toBe('read');
});

it('may be one that is not published', () => {
  expect(learnBucket(SERVICE, get('/search'), named('search'))).toBe('search');
  expect(bucketOf(SERVICE, get('/search'))).toBe('search');
});

it('is known of one endpoint, method and service only', () => {
  learnBucket(SERVICE, get('/search'), named('search'));
  expect(bucketOf(SERVICE, get('/search/agents'))).toBe('read');
  expect(bucketOf(SERVICE, { method: 'POST', path: '/search' })).toBe('write');
  expect(bucketOf('https://other.test', get('/search'))).toBe('read');
});

it.each([
  ['/media/m1', '/media/Ab2'],
  ['/media/123', '/media/456'],
  ['/posts/p1/like', '/posts/xy-2/like'],
])('is known of %s, and so of %s', (path, other) => {
  learnBucket(SERVICE, get(path), named('search'));
  expect(bucketOf(SERVICE, get(other))).toBe('search');
});

it.each([
  ['/search', '/trending'],
  ['/posts/p1/like', '/posts/p1/comments'],
  ['/posts/p1', '/media/p1'],
])('is known of %s, and not of %s', (path, other) => {
  learnBucket(SERVICE, get(path), named('search'));
  expect(bucketOf(SERVICE, get(other))).toBe('read');
});

it('is remembered, however many endpoints are counted as published', () => {
  learnBucket(SERVICE, get('/search'), named('search'));
  for (let length = 1; length <= 1000; length += 1) {
    // A handle of letters looks like an endpoint of its own.
    learnBucket(SERVICE, get(`/agents/${'a'.repeat(length)}`), named('read'));
  }
  expect(bucketOf(SERVICE, get('/search'))).toBe('search');
});

it.each([undefined, 7, '', ' ', 'read write', 'a'.repeat(33), '1', '<b>', ['upload']])(
  'is not taken from %j',
  (name) => {
    expect(learnBucket(SERVICE, get('/posts'), named(name))).toBe('read');
  },
);
