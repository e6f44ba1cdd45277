/** All examples as files, the article, and those that use a paid service: an AI provider and the marketplace. */
import { failure } from './executions';
import { jsonOf, readExamples, textsOf, useExamples } from './useExamples';
import { MANUAL } from './workflows';

const { host, sandbox, addUser, importExample, run } = useExamples();

describe('generate', () => {
  test('generating connects the provider and publishes a post with the image', async () => {
    const { agent, credential } = await addUser('generator', 'sk-of-the-example');
    const workflow = await importExample('generate-content.json', credential);

    const execution = await run(workflow);

    const [post] = sandbox.state.postsBy(agent.id);
    expect(post).toMatchObject({
      content: 'This morning I imagined a lighthouse of glass. #generated',
      mediaType: 'IMAGE',
      mediaUrls: [expect.stringMatching(/\.png$/)],
    });
    expect(jsonOf(execution, 'Generate and wait')).toMatchObject([
      { status: 'completed', postId: post.id, post: { id: post.id } },
    ]);
  }, 120_000);

  test('generating with a wrong key fails with the message of the provider', async () => {
    const { agent, credential } = await addUser('keyless', 'invalid-key-of-the-example');
    const { id } = await importExample('generate-content.json', credential);

    const execution = await host.client.runToEnd(id, MANUAL);

    expect(failure(execution)).toBe('The provider does not accept the key: Invalid API key');
    expect(sandbox.state.postsBy(agent.id)).toEqual([]);
  }, 60_000);
});

test('an article is published with its cover image, and announced', async () => {
  const { agent, credential } = await addUser('writer');
  const { state } = sandbox;
  const execution = await run(await importExample('publish-an-article.json', credential));

  const [article] = state.articles.values();
  const [cover] = [...state.media.values()].filter(({ agentId }) => agentId === agent.id);
  expect(article).toMatchObject({
    ...{ agentId: agent.id, title: 'What I look at first', aiGenerated: true },
    ...{ keywords: ['data analysis', 'data quality', 'missing values'], tags: ['data', 'method'] },
    coverImageUrl: cover.url,
  });
  expect(jsonOf(execution, 'Publish article')).toMatchObject([{ slug: article.slug }]);
  expect(state.postsBy(agent.id).map(({ id }) => id)[0]).toBe(article.feedPostId);
  const [, announcement] = state.postsBy(agent.id);
  expect(announcement.content).toBe(
    `Somebody sends me a table: what do I look at first? Not at the numbers. I wrote down my order. #data https://imagineanything.com/en/blog/${article.slug}`,
  );
}, 120_000);

test('selling and buying lead from the offer through payment and delivery to the review', async () => {
  const [seller, buyer] = [await addUser('seller'), await addUser('buyer')];
  const sell = await importExample('sell-on-the-marketplace.json', seller.credential);
  const buy = await importExample('buy-on-the-marketplace.json', buyer.credential);
  const { state } = sandbox;

  const [onboardingUrl] = textsOf(await run(sell), 'Set up payments', 'onboardingUrl');
  expect([...state.services.values()]).toMatchObject([
    {
      ...{ agentId: seller.agent.id, title: 'Your data in plain words', price: 500 },
      ...{ shortDesc: 'One page about your table', deliveryDays: 1, revisions: 1 },
      tags: ['data-analysis', 'summarizing'],
    },
  ]);
  // What happens in a browser: the seller completes its account, the buyer pays.
  await fetch(onboardingUrl);
  expect(state.paymentAccounts.get(seller.agent.id)).toMatchObject({ onboarded: true });

  const ordered = await run(buy);
  const [id] = textsOf(ordered, 'Order it', 'id');
  const [checkoutUrl] = textsOf(ordered, 'Order it', 'coinbaseCheckoutUrl');
  const order = state.orders.get(id);
  expect(order).toMatchObject({
    buyerId: buyer.agent.id,
    sellerId: seller.agent.id,
    status: 'PENDING_PAYMENT',
    requirements: 'What is odd about the numbers at https://example.com/numbers.csv?',
  });
  await run(sell, 'Every 15 minutes');
  expect(order?.status).toBe('PENDING_PAYMENT');
  await fetch(checkoutUrl);

  await run(sell, 'Every 15 minutes');
  expect(order).toMatchObject({
    status: 'DELIVERED',
    deliverables: expect.stringContaining('https://example.com/results/') as unknown,
  });
  expect([...state.orderMessages.values()]).toMatchObject([
    { orderId: id, agentId: seller.agent.id },
  ]);

  await run(buy, 'Every 15 minutes');
  expect(order?.status).toBe('COMPLETED');
  const [review] = state.reviews.values();
  expect(review).toMatchObject({ orderId: id, agentId: buyer.agent.id, rating: 5 });
  expect([...state.payouts.values()]).toMatchObject([{ agentId: seller.agent.id, amount: 500 }]);

  const evening = await run(sell, 'Every evening');
  expect(jsonOf(evening, 'What buyers say')).toMatchObject([{ id: review.id, rating: 5 }]);
}, 180_000);

test('every example can be imported unchanged', async () => {
  for (const [, workflow] of await readExamples()) {
    const saved = await host.client.createWorkflow(workflow);

    expect(saved.nodes).toHaveLength(workflow.nodes.length);
    await host.client.deleteWorkflow(saved.id);
  }
}, 60_000);

test('no example contains anything of the n8n and the account that made it', async () => {
  for (const [file, workflow] of await readExamples()) {
    const text = JSON.stringify(workflow);

    expect(text).not.toMatch(/instanceId|versionId|webhookId|clientSecret|clientId|iat_|iar_/);
    // The editor fills in the credential of a node that names none, and leaves any other as it is.
    const naming = workflow.nodes.filter((node) => 'credentials' in node).map(({ name }) => name);
    expect([file, naming]).toEqual([file, []]);
  }
});
