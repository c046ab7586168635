import { expect, test } from 'vitest';
import { boardController } from '../../../src/feedback/board-controller.ts';
import { controllers } from '../../../src/runner/controllers.ts';
import { runPass } from '../../../src/runner/run-pass.ts';
import { fullRights } from '../../support/github/emulator/options.ts';
import { routeTo, solverFile } from '../workshop.ts';
import { type GithubShop, githubShop } from './github-shop.ts';

const all = [...controllers.filter(({ name }) => name !== 'board'), boardController(async () => [])];

function pass(shop: GithubShop) {
  return shop.run((context) => runPass(context, { controllers: all }));
}

const board = (shop: GithubShop) => {
  const issue = shop.github.issues()[0];
  return { number: issue?.number ?? 0, body: issue?.body ?? '' };
};

const isBoardWrite = ({ method, path }: { method: string; path: string }) =>
  method === 'PATCH' && path.includes('/issues/');

test('A pull request that a program has closed waits for a person, who has it opened anew on the dashboard.', async () => {
  await using shop = await githubShop();
  await shop.drop('recommendation', 'a', routeTo('a/b', 'gpt-5'));
  await pass(shop);
  const id = shop.github.pulls()[0]?.head ?? '';
  await shop.github.people.close(1, { comment: 'Closed as stale.', who: 'stale[bot]' });
  const report = await pass(shop);
  expect(report).toMatchObject({ changed: false, proposals: [{ proposal_id: id, result: 'closed-by-bot' }] });
  expect(await shop.records('patch_decision')).toEqual([]);
  expect(board(shop).body).toMatch(/## Closed by a program\n.*\n\n- \[ \] <!-- open:.*stale/s);

  await shop.github.people.tick(board(shop).number, `open:${id}`);
  const opened = await pass(shop);
  expect(opened.failures).toEqual([]);
  expect(shop.github.pulls().map(({ number, state, head }) => [number, state, head])).toEqual([
    [1, 'closed', id],
    [3, 'open', id],
  ]);
  expect(shop.github.pulls()[0]?.comments.at(-1)?.body).toContain('opened anew, as ordered');
  expect((await pass(shop)).changed).toBe(false);
});

test('The dashboard is written once in a pass, tells nobody an e-mail address, and says why a change is stuck.', async () => {
  await using shop = await githubShop();
  await shop.drop('recommendation', 'a', routeTo('a/b', 'gpt-5'));
  await shop.drop('recommendation', 'b', routeTo('a/b', 'gpt-5', { target_persona: 'backend' }));
  await pass(shop);
  const [solver, backend] = [...shop.github.pulls()].sort((a, b) => (a.head < b.head ? 1 : -1));
  await shop.sync();
  await shop.folder.git('merge', '-q', '--squash', `origin/${solver?.head}`);
  await shop.folder.git('commit', '-q', '-m', 'By hand', `--author=Grace Hopper <grace@example.org>`);
  await shop.folder.write('personas/backend.yaml', 'id: [\n');
  await shop.folder.git('commit', '-q', '-a', '-m', 'Break it');
  await shop.publish();
  await shop.github.people.editTitle(backend?.number ?? 0, 'A title of mine');
  const before = shop.github.requests.length;
  const { proposals } = await pass(shop);
  expect(shop.github.requests.slice(before).filter(isBoardWrite)).toHaveLength(1);
  expect(proposals).toContainEqual({
    proposal_id: backend?.head,
    result: 'stuck',
    detail: expect.stringMatching(/^personas\/backend\.yaml/),
  });
  const { body } = board(shop);
  expect(body).toMatch(/applied \[.*: by Grace Hopper$/m);
  expect(body).toMatch(/make it anew: \[A title of mine\].*personas\/backend\.yaml/);
  const said = shop.github.pulls().flatMap(({ comments }) => comments.map((comment) => comment.body));
  expect([body, ...said].join('\n')).not.toContain('grace@');
  expect(said.join('\n')).toContain('by Grace Hopper');
  expect(await shop.folder.read(solverFile)).toContain('gpt-5');
});

test('A closing that is seen late is shown with its decision, in one write.', async () => {
  await using shop = await githubShop();
  await shop.drop('recommendation', 'a', routeTo('a/b', 'gpt-5'));
  await pass(shop);
  await shop.github.people.close(1, { comment: 'no', who: 'grace' });
  await shop.github.people.deleteBranch(shop.github.pulls()[0]?.head ?? '');
  const before = shop.github.requests.length;
  // As where more than a page of others was closed since.
  let asked = 0;
  shop.github.intercept(({ path }) => {
    if (!path.includes('state=closed')) return undefined;
    asked += 1;
    return { status: 200, body: [] };
  });
  await pass(shop);
  expect(asked).toBe(1);
  expect(await shop.records('patch_decision')).toMatchObject([{ decision: 'rejected', decided_by: 'grace' }]);
  expect(shop.github.requests.slice(before).filter(isBoardWrite)).toHaveLength(1);
  expect(board(shop).body).toMatch(/offer it again: rejected .*: by grace: no$/m);
});

test('Without the right to pull requests the dashboard is kept, and says so.', async () => {
  const weak = { ...fullRights, pull_requests: 'none' } as const;
  await using shop = await githubShop({ emulator: { tokens: { 'full-token': fullRights, weak } } });
  await shop.drop('recommendation', 'a', routeTo('a/b', 'gpt-5'));
  await pass(shop);
  shop.useToken('weak');
  const { failures } = await pass(shop);
  expect(failures).toMatchObject([{ code: 'github-forbidden', controller: 'proposals' }]);
  expect(board(shop).body).toMatch(/^- could not .*pull requests/m);
});
