import { validateGiven, ParameterError } from '../../../nodes/ImagineAnything/engine/validate';
import type { Operation } from '../../../nodes/ImagineAnything/engine/operation';
import {
  isField,
  isOptional,
  isRequired,
  type Parameter,
} from '../../../nodes/ImagineAnything/engine/parameter';
import { resources } from '../../../nodes/ImagineAnything/resources';

/** What an expression gives that finds nothing, and what comes close to it. */
const NOTHING = [undefined, null, '', '  ', [], [null], 'undefined'];

/** What becomes of each of them, in this order: `-` left out, `x` refused, `s` sent as it is. */
const NEVER_LEFT_OUT = 'xxxxxxx';
const PROSE = 'xxxxxxs';
const FIELD = 'xx-xxxx';
const DEFAULT_INSTEAD = '----xxx';

const GENERATION = {
  content: PROSE,
  model: NEVER_LEFT_OUT,
  size: NEVER_LEFT_OUT,
  quality: NEVER_LEFT_OUT,
  width: NEVER_LEFT_OUT,
  height: NEVER_LEFT_OUT,
  videoAspectRatio: NEVER_LEFT_OUT,
  videoDuration: NEVER_LEFT_OUT,
  referenceImage: NEVER_LEFT_OUT,
  cfgScale: NEVER_LEFT_OUT,
  imageAspectRatio: NEVER_LEFT_OUT,
  voice: NEVER_LEFT_OUT,
  soundDuration: NEVER_LEFT_OUT,
  musicLength: NEVER_LEFT_OUT,
  params: NEVER_LEFT_OUT,
};

/** All optional parameters of all operations that make something. */
const OUTCOMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Profile: Update puts these right.
  'Agent: Register': {
    agentType: DEFAULT_INSTEAD,
    avatarUrl: DEFAULT_INSTEAD,
    bio: '----xxs',
    recoveryEmail: DEFAULT_INSTEAD,
    websiteUrl: DEFAULT_INSTEAD,
  },
  // Article: Update puts these right.
  'Article: Create': { aiGenerated: DEFAULT_INSTEAD, generationProvider: DEFAULT_INSTEAD },
  'Byte: Comment': { parent: NEVER_LEFT_OUT },
  'Byte: Create': { caption: PROSE, maxVideoWait: DEFAULT_INSTEAD },
  'Comment: Create': { parent: NEVER_LEFT_OUT },
  'Generation: Start': GENERATION,
  'Generation: Start and Wait': {
    ...GENERATION,
    maxWait: DEFAULT_INSTEAD,
    retries: DEFAULT_INSTEAD,
  },
  'Media: Upload Image': { folder: '----xxs' },
  'Order: Deliver with Message': { attachments: NEVER_LEFT_OUT },
  'Order: Place': { requirements: PROSE },
  'Order: Send Message': { attachments: NEVER_LEFT_OUT },
  'Post: Create': {
    content: 'xx-xxxs',
    // Whether there is a field of this name is found out with the item.
    binaryFields: 'xxxxxxs',
    maxVideoWait: DEFAULT_INSTEAD,
    mediaIds: NEVER_LEFT_OUT,
    mediaType: NEVER_LEFT_OUT,
    mediaUrls: NEVER_LEFT_OUT,
  },
  'Report: Create': {
    reportedAgent: FIELD,
    reportedPost: FIELD,
    reportedComment: FIELD,
    description: PROSE,
  },
  'Review: Submit': {
    communicationRating: NEVER_LEFT_OUT,
    deliveryRating: NEVER_LEFT_OUT,
    qualityRating: NEVER_LEFT_OUT,
  },
  // Service: Update puts these right.
  'Service: Create': {
    images: '-----xx',
    thumbnailUrl: DEFAULT_INSTEAD,
  },
  'Webhook: Configure': { regenerateSecret: DEFAULT_INSTEAD, test: DEFAULT_INSTEAD },
};

/** What becomes of them in the filters of a read: where an expression gives them, and where none does. */
const NARROWS = { expression: NEVER_LEFT_OUT, field: DEFAULT_INSTEAD };
const NARROWS_BY_TEXT = { expression: NEVER_LEFT_OUT, field: '----xxs' };
const NARROWS_BY_LIST = { expression: NEVER_LEFT_OUT, field: '-----xs' };
const ARRANGES = { expression: DEFAULT_INSTEAD, field: DEFAULT_INSTEAD };

/** All filters of all reads. */
const FILTERS: Readonly<Record<string, Readonly<Record<string, typeof NARROWS>>>> = {
  'Agent: Get Many': {
    search: NARROWS_BY_TEXT,
    type: NARROWS,
    verified: NARROWS,
  },
  'Agent: Get Recommended': {
    apis: NARROWS_BY_LIST,
    languages: NARROWS_BY_LIST,
    responseTime: NARROWS_BY_LIST,
    skills: NARROWS_BY_LIST,
    type: NARROWS,
  },
  'Agent: Get Similar': { excludeFollowing: NARROWS },
  'Analytics: Get Overview': { range: ARRANGES },
  'Analytics: Get Post Performance': { sortBy: ARRANGES },
  'Article: Get Many': { category: NARROWS },
  'Discovery: Get Trending': { limit: ARRANGES, section: NARROWS },
  'Discovery: Search': { type: NARROWS },
  'Media: Get Many': { purpose: NARROWS_BY_TEXT, type: NARROWS },
  'Order: Get Many': { role: NARROWS, status: NARROWS },
  'Payout: Get Many': { status: NARROWS },
  'Service: Get Many': {
    category: NARROWS_BY_TEXT,
    featured: NARROWS,
    maxPrice: NARROWS,
    minPrice: NARROWS,
    search: NARROWS_BY_TEXT,
    sortBy: ARRANGES,
    sortOrder: ARRANGES,
  },
};

function outcomeOf(parameter: Parameter, raw: unknown, isExpression?: () => boolean): string {
  try {
    return validateGiven(parameter, raw, { isExpression }) === undefined ? '-' : 's';
  } catch (error) {
    expect(error).toBeInstanceOf(ParameterError);
    return 'x';
  }
}

const makesSomething = (operation: Operation) =>
  'repeat' in operation && operation.repeat === 'creating';

const optionalOf = ({ parameters = [] }: Operation) =>
  parameters.filter((each) => isOptional(each) || (isField(each) && !isRequired(each)));

const operations = resources.flatMap(({ name, operations: own }) =>
  own.map((operation) => [`${name}: ${operation.name}`, operation] as const),
);

describe('a parameter that was added and comes to nothing', () => {
  it('is decided on for each operation that makes something', () => {
    const actual = operations
      .filter(([, operation]) => makesSomething(operation))
      .map(([name, operation]) => [
        name,
        Object.fromEntries(
          optionalOf(operation).map((each) => [
            each.name,
            NOTHING.map((raw) => outcomeOf(each, raw)).join(''),
          ]),
        ),
      ])
      .filter(([, outcomes]) => Object.keys(outcomes).length > 0);

    expect(Object.fromEntries(actual)).toEqual(OUTCOMES);
  });

  it('is decided on for each filter of each read', () => {
    const outcomes = (parameter: Parameter, isExpression: boolean) =>
      NOTHING.map((raw) => outcomeOf(parameter, raw, () => isExpression)).join('');
    const actual = operations
      .filter(([, { endpoint }]) => endpoint.startsWith('GET '))
      .map(([name, operation]) => [
        name,
        Object.fromEntries(
          optionalOf(operation).map((each) => [
            each.name,
            { expression: outcomes(each, true), field: outcomes(each, false) },
          ]),
        ),
      ])
      .filter(([, filters]) => Object.keys(filters).length > 0);

    expect(Object.fromEntries(actual)).toEqual(FILTERS);
  });

  it('is refused wherever it names one thing', () => {
    for (const [name, operation] of operations) {
      for (const parameter of optionalOf(operation)) {
        if (parameter.kind !== 'id' && parameter.kind !== 'handle') continue;
        expect([name, parameter.name, parameter.essential]).toEqual([name, parameter.name, true]);
      }
    }
  });

  it('is refused for the wallet that payments go to', () => {
    const [, setUp] = operations.find(([name]) => name === 'Payment Account: Set Up') ?? [];
    const [wallet] = setUp?.parameters ?? [];

    expect(NOTHING.map((raw) => outcomeOf(wallet, raw)).join('')).toBe(NEVER_LEFT_OUT);
  });

  it('is empty in a resource locator as well', () => {
    const [, comment] = operations.find(([name]) => name === 'Report: Create') ?? [];
    const [, agent] = comment?.parameters ?? [];
    const locator = (value: unknown) => ({ __rl: true, mode: 'id', value });

    expect(NOTHING.map((raw) => outcomeOf(agent, locator(raw))).join('')).toBe(FIELD);
  });
});
