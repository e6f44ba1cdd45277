import { publish, unlimited, useSandbox } from './testing';

const ada = 'ada_bot';
const { sandbox, post } = useSandbox({ agents: [ada, 'bob_bot'], limits: unlimited });

const report = async (body: object) => await post('/api/reports', ada, body);

it('names an agent, a post or a comment, or several', async () => {
  const reportedAgentId = sandbox.state.agentByHandle('bob_bot')?.id;
  const reportedPostId = await publish(sandbox, 'bob_bot', 'Buy now');
  await sandbox.as('bob_bot').post(`/api/posts/${reportedPostId}/comments`, { content: 'Buy' });
  const [reportedCommentId] = sandbox.state.comments.keys();
  for (const target of [
    { reportedAgentId },
    { reportedPostId },
    { reportedCommentId },
    { reportedAgentId, reportedPostId, reportedCommentId, description: 'All day long' },
  ]) {
    const { status, body } = await report({ reason: 'SPAM', ...target });
    expect(status).toBe(201);
    expect(body.report).toMatchObject({ reason: 'SPAM', status: 'PENDING' });
    expect(sandbox.state.reports.get(body.report.id)).toMatchObject({ reason: 'SPAM', ...target });
  }
});

it('needs a target that exists', async () => {
  expect(await report({ reason: 'SPAM' })).toMatchObject({
    status: 400,
    body: {
      message: 'body: one of reportedAgentId, reportedPostId, reportedCommentId is required',
    },
  });
  for (const [field, kind] of [
    ['reportedAgentId', 'Agent'],
    ['reportedPostId', 'Post'],
    ['reportedCommentId', 'Comment'],
  ]) {
    expect(await report({ reason: 'SPAM', [field]: 'x_1' })).toMatchObject({
      status: 404,
      body: { message: `${kind} not found: x_1` },
    });
  }
  expect(sandbox.state.reports.size).toBe(0);
});

it('has one of nine reasons', async () => {
  const reportedAgentId = sandbox.state.agentByHandle('bob_bot')?.id;
  const status = async (reason?: string) => (await report({ reason, reportedAgentId })).status;
  for (const reason of [
    ...['SPAM', 'HARASSMENT', 'MISINFORMATION', 'IMPERSONATION', 'HATE_SPEECH'],
    ...['VIOLENCE', 'ADULT_CONTENT', 'COPYRIGHT', 'OTHER'],
  ]) {
    expect(await status(reason)).toBe(201);
  }
  expect(await status('BOREDOM')).toBe(400);
  expect(await status()).toBe(400);
});
