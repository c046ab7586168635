import { expect, test } from 'vitest';
import { boardController } from '../../../src/feedback/board-controller.ts';
import { proposalController } from '../../../src/feedback/proposal-controller.ts';
import { controllers } from '../../../src/runner/controllers.ts';
import { type PassReport, runPass } from '../../../src/runner/run-pass.ts';
import { whatWaits } from '../../../src/runner/what-waits.ts';
import { routeTo } from '../workshop.ts';
import { type GithubShop, githubShop } from './github-shop.ts';

const all = [...controllers.filter(({ name }) => name !== 'board'), boardController(async () => [])];

function pass(shop: GithubShop): Promise<PassReport> {
  return shop.run((context) => runPass(context, { controllers: all }));
}

/** What a person reads about it: why it waits, and the line on the dashboard. */
async function said(shop: GithubShop, id: string) {
  const steps = await shop.run((context) => proposalController.plan(context));
  const proposals = steps.flatMap(({ proposal }) => proposal ?? []);
  const waits = whatWaits({
    inbox: 0,
    rejected: 0,
    recommendations: {},
    proposals,
    forge_problem: null,
    bad_personas: [],
    dead: 0,
    signals: 0,
    model: { problem: null, findings: null, signals: null },
    alerts: [],
    schedules: [],
  });
  const body = shop.github.issues()[0]?.body ?? '';
  const section = body.slice(body.indexOf('## Without a record')).split('\n## ')[0] ?? '';
  return { wait: waits.find(({ what }) => what === id), section };
}

test('A pull request whose record is gone is named, counts as open, and is left to a person.', async () => {
  await using shop = await githubShop({ settings: 'proposals:\n  max_open: 1\n' });
  const start = await shop.truth.git('rev-parse', 'main');
  await shop.drop('recommendation', 'a', routeTo('a/b', 'gpt-5'));
  await pass(shop);
  const id = shop.github.pulls()[0]?.head ?? '';
  await shop.truth.git('update-ref', 'refs/heads/main', start);
  await shop.folder.git('fetch', '-q', 'origin');
  await shop.drop('recommendation', 'b', routeTo('c/d', 'gpt-5', { target_persona: 'backend' }));
  const { proposals, failures } = await pass(shop);
  expect(failures).toEqual([]);
  expect(proposals.map(({ result }) => result).sort((a, b) => (a < b ? -1 : 1))).toEqual([
    'capped',
    'orphaned',
  ]);
  expect(proposals).toContainEqual(expect.objectContaining({ proposal_id: id, result: 'orphaned' }));
  const { wait, section } = await said(shop, id);
  expect(wait).toMatchObject({ who: 'a person', hint: expect.stringContaining('close it') });
  expect(section).toMatch(/\(\.\.\/pull\/1\): no record of its patch/);
  expect(shop.github.pulls()).toMatchObject([{ state: 'open' }]);
  expect((await pass(shop)).changed).toBe(false);

  await shop.github.people.close(1);
  const after = await pass(shop);
  expect(after.proposals).toMatchObject([{ result: 'opened' }]);
  expect(await shop.branches()).toContain(id);
});

test("A person's pull request under such a name is theirs, and takes no place.", async () => {
  const settings = 'proposals:\n  max_open: 1\n  max_per_day: 1\n';
  await using shop = await githubShop({ settings });
  const theirs = 'millwright/my/feature';
  await shop.github.people.commitTo(theirs, 'mine.md', 'mine\n');
  const opened = await fetch(`${shop.github.url}/repos/mill/works/pulls`, {
    method: 'POST',
    headers: { authorization: 'Bearer full-token' },
    body: JSON.stringify({ title: 'My feature', head: theirs, base: 'main' }),
  });
  expect(opened.status).toBe(201);
  await shop.drop('recommendation', 'a', routeTo('a/b', 'gpt-5'));
  const { proposals } = await pass(shop);
  expect(proposals.map(({ proposal_id: id, result }) => [id === theirs, result])).toEqual(
    expect.arrayContaining([
      [true, 'orphaned'],
      [false, 'opened'],
    ]),
  );
  const { wait, section } = await said(shop, theirs);
  expect(wait?.why).toContain('was not opened by Millwright');
  expect(section).toContain('[My feature](../pull/1)');
  expect(shop.github.pulls()[0]).toMatchObject({ state: 'open', body: null, comments: [] });
  expect(await shop.branches()).toContain(theirs);
});
