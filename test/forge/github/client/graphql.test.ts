import { expect, test } from 'vitest';
import { z } from 'zod';
import { clientPlace } from './client-place.ts';
import { inTurn } from './questions.ts';

const question = {
  query:
    'mutation ($id: ID!) { enablePullRequestAutoMerge(input: {pullRequestId: $id}) { clientMutationId } }',
  variables: { id: 'PR_1', request: 'any name will do' },
  shape: z.object({ enablePullRequestAutoMerge: z.object({ clientMutationId: z.string().nullable() }) }),
  action: 'turn on auto-merge',
  feature: 'auto-merge',
};
const good = { body: { data: { enablePullRequestAutoMerge: { clientMutationId: null } } } };

test('A question of GraphQL goes out once, with its variables beside it.', async () => {
  await using place = await clientPlace(() => good);

  expect(await place.open().graphql(question)).toEqual({
    enablePullRequestAutoMerge: { clientMutationId: null },
  });
  const [asked] = place.server.asked;
  expect(asked).toMatchObject({ method: 'POST', path: '/graphql' });
  expect(JSON.parse(asked?.body ?? '')).toEqual({ query: question.query, variables: question.variables });
});

test('On an Enterprise Server GraphQL lies beside the REST API.', async () => {
  await using place = await clientPlace(() => good);
  const apiUrl = `${place.server.url}/api/v3`;
  const repository = { owner: 'o', name: 'n', apiUrl, webUrl: `${place.server.url}/o/n` };
  await place.open({ repository }).graphql(question);

  expect(place.server.asked[0]?.path).toBe('/api/graphql');
});

test.each([
  ['FORBIDDEN', 'github-forbidden'],
  ['INSUFFICIENT_SCOPES', 'github-forbidden'],
  ['NOT_FOUND', 'github-not-found'],
  ['UNPROCESSABLE', 'github-refused'],
  [undefined, 'github-refused'],
])('An answer with errors is an error, also when it has data: %s.', async (type, code) => {
  const errors = [{ type, message: 'Pull request is in clean\u0007 status' }, { message: 'Another' }];
  await using place = await clientPlace(() => ({ body: { ...good.body, errors } }));

  await expect(place.open().graphql(question)).rejects.toMatchObject({
    code,
    message:
      'could not turn on auto-merge: Pull request is in clean status; Another; without it there is no auto-merge',
  });
  expect(place.server.asked).toHaveLength(1);
});

test('A limit of GraphQL is waited for like any other.', async () => {
  const limited = { body: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] } };
  await using place = await clientPlace(inTurn({ ...limited, headers: { 'retry-after': '9' } }, good));

  await place.open().graphql(question);
  expect(place.clock.waits).toEqual([9_000]);
});

test('A lost answer is asked for again only where that is allowed.', async () => {
  await using place = await clientPlace(inTurn({ status: 502 }, { fault: 'cut' }, { status: 502 }, good));
  const client = place.open();

  await expect(client.graphql(question)).rejects.toMatchObject({
    code: 'github-unreachable',
    data: { outcome: 'unknown' },
  });
  await expect(client.graphql({ ...question, repeatable: true })).resolves.toBeDefined();
  expect(place.server.asked).toHaveLength(4);
});

test('What is no answer of GraphQL is an error.', async () => {
  await using place = await clientPlace(
    inTurn({ body: [] }, { body: 'x' }, { body: {} }, { body: { data: null } }),
  );
  const client = place.open();

  for (let answer = 0; answer < 4; answer += 1)
    await expect(client.graphql(question)).rejects.toMatchObject({ code: 'github-bad-answer' });
});
