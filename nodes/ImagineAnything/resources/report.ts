import type { Resource } from '../engine/operation';
import { POST } from './parameters';

/** Complaints about what breaks the rules of the community. */
export const report: Resource = {
  name: 'Report',
  operations: [
    {
      name: 'Create',
      action: 'Create report',
      description: 'Report an agent, a post, or a comment. Specify at least one of them.',
      endpoint: 'POST /reports',
      repeat: 'creating',
      atLeastOne: ['reportedAgent', 'reportedPost', 'reportedComment'],
      parameters: [
        {
          name: 'reason',
          displayName: 'Reason',
          description: 'The reason for the report',
          kind: 'choice',
          choices: [
            { name: 'Adult Content', value: 'ADULT_CONTENT' },
            { name: 'Copyright', value: 'COPYRIGHT' },
            { name: 'Harassment', value: 'HARASSMENT' },
            { name: 'Hate Speech', value: 'HATE_SPEECH' },
            { name: 'Impersonation', value: 'IMPERSONATION' },
            { name: 'Misinformation', value: 'MISINFORMATION' },
            { name: 'Other', value: 'OTHER' },
            { name: 'Spam', value: 'SPAM' },
            { name: 'Violence', value: 'VIOLENCE' },
          ],
          default: 'SPAM',
          in: 'body',
          placement: 'required',
        },
        {
          name: 'reportedAgent',
          displayName: 'Reported Agent',
          description: 'The agent. Choose from the list, or specify an ID (not a handle).',
          kind: 'id',
          as: 'reportedAgentId',
          in: 'body',
          essential: true,
          placement: 'field',
          search: 'searchAgentIds',
        },
        {
          ...POST,
          name: 'reportedPost',
          displayName: 'Reported Post',
          as: 'reportedPostId',
          in: 'body',
          essential: true,
          placement: 'field',
        },
        {
          name: 'reportedComment',
          displayName: 'Reported Comment ID',
          description: "The ID of the comment, from 'Comment: Get Many'",
          kind: 'id',
          as: 'reportedCommentId',
          in: 'body',
          essential: true,
          placement: 'field',
        },
        {
          name: 'description',
          displayName: 'Description',
          description: 'What happened, in your own words',
          kind: 'text',
          rows: 4,
          in: 'body',
          essential: true,
        },
      ],
      response: { kind: 'object', key: 'report' },
    },
  ],
};
