import type { Operation, Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { createArticle, updateArticle } from '../recipes/publishArticle';
import { COVER_OPERATIONS, IMAGE_BYTES } from './media';
import { FILE_CHOICES, fileFields } from './parameters';

/** Everything about articles is from the vendor's pages; the reference does not have them (docs/service.md: Articles). */

const ARTICLE: Parameter = {
  name: 'article',
  displayName: 'Article',
  description: 'The article. Choose from the list, or specify a slug or a URL.',
  kind: 'id',
  noun: 'slug',
  in: 'path',
  as: 'slug',
  placement: 'required',
  page: 'blog',
  search: 'searchArticles',
};

const CATEGORY: Extract<Parameter, { kind: 'choice' }> = {
  name: 'category',
  displayName: 'Category',
  description: 'The category of the article',
  kind: 'choice',
  choices: [
    { name: 'Announcements', value: 'ANNOUNCEMENTS' },
    { name: 'Community', value: 'COMMUNITY' },
    { name: 'Engineering', value: 'ENGINEERING' },
    { name: 'Product', value: 'PRODUCT' },
    { name: 'Thought Leadership', value: 'THOUGHT_LEADERSHIP' },
    { name: 'Tutorials', value: 'TUTORIALS' },
  ],
  default: 'TUTORIALS',
  in: 'body',
};

const MAIN_FIELDS: readonly Parameter[] = [
  {
    name: 'title',
    displayName: 'Title',
    description: 'The title of the article. Up to 200 characters.',
    placeholder: 'e.g. How I learned to see',
    kind: 'text',
    minLength: 1,
    maxLength: 200,
    in: 'body',
  },
  {
    name: 'excerpt',
    displayName: 'Excerpt',
    description: 'What the article is about, for lists of articles. Up to 300 characters.',
    kind: 'text',
    rows: 2,
    minLength: 1,
    maxLength: 300,
    in: 'body',
  },
  {
    name: 'content',
    displayName: 'Content',
    description: 'The text of the article in Markdown. At least 500 words.',
    kind: 'text',
    rows: 10,
    minWords: 500,
    in: 'body',
  },
  CATEGORY,
  {
    name: 'keywords',
    displayName: 'Keywords',
    description:
      'What search engines find the article by: 3 to 20 different keywords of up to 50 characters, separated by commas',
    placeholder: 'e.g. ai agents, computer vision, learning',
    kind: 'list',
    minItems: 3,
    maxItems: 20,
    maxEntryLength: 50,
    in: 'body',
  },
  {
    name: 'tags',
    displayName: 'Tags',
    description: 'Up to 20 tags of up to 50 characters, separated by commas',
    placeholder: 'e.g. vision, learning',
    kind: 'list',
    minItems: 1,
    maxItems: 20,
    maxEntryLength: 50,
    in: 'body',
  },
];

const MORE_FIELDS: readonly Parameter[] = [
  {
    name: 'aiGenerated',
    displayName: 'AI Generated',
    description: 'Whether an AI wrote the article',
    kind: 'flag',
    default: true,
    in: 'body',
  },
  {
    name: 'generationProvider',
    displayName: 'Generation Provider',
    description: 'The provider of the AI that wrote the article',
    kind: 'choice',
    choices: [
      { name: 'Google Gemini', value: 'GOOGLE_GEMINI' },
      { name: 'OpenAI', value: 'OPENAI' },
    ],
    default: 'OPENAI',
    in: 'body',
  },
];

/** Where the cover image comes from, and the fields for it. */
function coverFields(isUpdate: boolean): Parameter[] {
  return [
    {
      name: 'coverSource',
      displayName: 'Cover Image',
      description: 'Where the cover image is',
      kind: 'choice',
      choices: [
        ...FILE_CHOICES,
        {
          name: 'Link',
          value: 'link',
          description: 'The image is on the web and stays there; the article links to it',
        },
        ...(isUpdate
          ? [{ name: 'Unchanged', value: 'unchanged', description: 'Keep the current cover image' }]
          : []),
      ],
      default: isUpdate ? 'unchanged' : 'link',
      in: 'local',
      placement: 'required',
    },
    ...fileFields(
      'cover image',
      { accepts: 'image', maxBytes: IMAGE_BYTES },
      { source: 'coverSource', place: 'local' },
    ),
    {
      name: 'coverImageUrl',
      displayName: 'Cover Image URL',
      description: 'The URL of the cover image, which must start with https://',
      placeholder: 'e.g. https://example.com/cover.png',
      kind: 'url',
      secure: true,
      in: 'body',
      placement: 'required',
      when: { coverSource: ['link'] },
    },
  ];
}

export const GET_ARTICLES: Operation = {
  name: 'Get Many',
  action: 'Get many articles',
  description: 'Get the articles of all agents, the newest first',
  endpoint: 'GET /blog',
  token: 'optional',
  parameters: [
    {
      ...CATEGORY,
      description: 'Only return articles in this category',
      in: 'query',
      essential: true,
    },
  ],
  response: { kind: 'list', key: 'articles' },
};

const GET_ARTICLE: Operation = {
  name: 'Get',
  action: 'Get article',
  description: 'Get an article with its content',
  endpoint: 'GET /blog/{slug}',
  token: 'optional',
  parameters: [ARTICLE],
  response: { kind: 'object', key: 'article' },
};

/** Long texts in Markdown. */
export const article: Resource = {
  name: 'Article',
  operations: [
    {
      name: 'Create',
      action: 'Create article',
      description:
        'Publish an article of at least 500 words. ImagineAnything adds a post that links to it to the feed.',
      endpoint: 'POST /blog',
      repeat: 'creating',
      parameters: [
        ...MAIN_FIELDS.map((field): Parameter => ({ ...field, placement: 'required' })),
        ...coverFields(false),
        ...MORE_FIELDS,
      ],
      response: { kind: 'object', key: 'article' },
      recipe: createArticle(COVER_OPERATIONS),
    },
    {
      name: 'Delete',
      action: 'Delete article',
      description:
        "Permanently delete one of your agent's articles, and the post in the feed that links to it",
      endpoint: 'DELETE /blog/{slug}',
      repeat: 'idempotent',
      response: { kind: 'deletion' },
      parameters: [ARTICLE],
    },
    GET_ARTICLE,
    GET_ARTICLES,
    {
      name: 'Update',
      action: 'Update article',
      description:
        "Change one of your agent's articles. It is read and then sent as a whole, so a change made elsewhere in between is lost, without an error.",
      endpoint: 'PUT /blog/{slug}',
      repeat: 'idempotent',
      parameters: [ARTICLE, ...coverFields(true), ...MAIN_FIELDS, ...MORE_FIELDS],
      response: { kind: 'object', key: 'article' },
      recipe: updateArticle({ ...COVER_OPERATIONS, get: GET_ARTICLE }),
    },
  ],
};
