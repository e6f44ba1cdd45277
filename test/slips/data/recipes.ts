import type { Slip } from '../slip';

/** In `recipes/`: what is sent twice, deleted or left behind when one of several calls fails. */
export const recipes: Slip[] = [
  {
    name: 'a post is published again after a lost answer',
    file: 'nodes/ImagineAnything/recipes/publishFiles.ts',
    find: 'if (!isVideo || !saysNotReady(thrown)) throw thrown;',
    replace: 'if (!isVideo) throw thrown;',
    test: 'test/unit/recipes/createPost.test.ts',
  },
  {
    name: 'the files of a post that may exist are deleted',
    file: 'nodes/ImagineAnything/recipes/publishFiles.ts',
    find: '      maybePublished = true;\n',
    replace: '',
    test: 'test/unit/recipes/createPost.test.ts',
  },
  {
    name: 'files that were uploaded in vain are left behind',
    file: 'nodes/ImagineAnything/recipes/publishFiles.ts',
    find: 'maybePublished && !hadNoEffect(thrown)',
    replace: 'maybePublished || !hadNoEffect(thrown)',
    test: 'test/unit/recipes/createPost.test.ts',
  },
  {
    name: 'a cancelled execution leaves its files behind',
    file: 'nodes/ImagineAnything/recipes/publishFiles.ts',
    find: '  if (calls.isCancelled()) left = await deleteEach(calls.detached(), operations, left);\n',
    replace: '',
    test: 'test/unit/recipes/createPost.test.ts',
  },
  {
    name: 'a wait goes past the time that the user allows',
    file: 'nodes/ImagineAnything/recipes/wait.ts',
    find: 'await this.calls.wait(Math.min(ms, remaining(this.end)));',
    replace: 'await this.calls.wait(ms);',
    test: 'test/unit/recipes/createPost.test.ts',
  },
  {
    name: 'a post has more images than the service takes',
    file: 'nodes/ImagineAnything/recipes/createPost.ts',
    find: 'const MAX_IMAGES = 4;',
    replace: 'const MAX_IMAGES = 5;',
    test: 'test/unit/recipes/createPost.test.ts',
  },
  {
    name: 'a message goes to the conversation with another agent',
    file: 'nodes/ImagineAnything/recipes/findOrStart.ts',
    find: "return own === '' || own === handle ? undefined : found;",
    replace: 'return found;',
    test: 'test/unit/recipes/findOrStart.test.ts',
  },
  {
    name: 'a generation is paid for once more than the user allows',
    file: 'nodes/ImagineAnything/recipes/startAndWait.ts',
    find: 'if (retriesLeft <= 0 || wait.isOver) {',
    replace: 'if (retriesLeft < 0 || wait.isOver) {',
    test: 'test/unit/recipes/startAndWait.test.ts',
  },
  {
    name: 'the result of another generation is output',
    file: 'nodes/ImagineAnything/recipes/startAndWait.ts',
    find: '[id, other].some((each) => readId(each) === jobId);',
    replace: '[id, other].some((each) => readId(each) !== undefined);',
    test: 'test/unit/recipes/otherJobs.test.ts',
  },
  {
    name: 'a message about an order is said not to be sent although it may be',
    file: 'nodes/ImagineAnything/recipes/deliverWithMessage.ts',
    find: '            hadNoEffect(thrown)\n',
    replace: '            thrown\n',
    test: 'test/unit/recipes/deliverWithMessage.test.ts',
  },
  {
    name: 'a search gives more than its limit',
    file: 'nodes/ImagineAnything/recipes/search.ts',
    find: 'return interleave(lists).slice(0, limit);',
    replace: 'return interleave(lists);',
    test: 'test/unit/recipes/search.test.ts',
  },
];
