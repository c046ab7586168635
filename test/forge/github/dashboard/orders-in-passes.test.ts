import { expect, test } from 'vitest';
import { boardController } from '../../../../src/feedback/board-controller.ts';
import { controllers } from '../../../../src/runner/controllers.ts';
import { runPass } from '../../../../src/runner/run-pass.ts';
import { routeTo } from '../../workshop.ts';
import { githubShop } from '../github-shop.ts';

test('Ticks on the dashboard open what is capped, make anew what was edited, and offer again what was rejected.', async () => {
  await using shop = await githubShop({ settings: 'proposals:\n  max_open: 1\n' });
  const all = [...controllers.filter(({ name }) => name !== 'board'), boardController(async () => [])];
  const pass = async () => {
    const { failures, proposals } = await shop.run((context) => runPass(context, { controllers: all }));
    expect(failures).toEqual([]);
    return Object.fromEntries(proposals.map(({ proposal_id: id, result }) => [id, result]));
  };
  const { people } = shop.github;
  await shop.drop('recommendation', 'a', routeTo('a/b', 'gpt-5'));
  await shop.drop('recommendation', 'b', routeTo('a/b', 'gpt-5', { target_persona: 'backend' }));
  const first = await pass();
  const board = shop.github.issues()[0]?.number ?? 0;
  const id = shop.github.pulls()[0]?.head ?? '';
  const other = Object.keys(first).find((one) => one !== id) ?? '';

  await people.tick(board, `open:${other}`);
  expect(await pass()).toMatchObject({ [other]: 'opened' });
  expect(shop.github.pulls()).toHaveLength(2);

  const theirs = await people.commitTo(id, 'note.md', 'mine\n');
  expect(await pass()).toMatchObject({ [id]: 'edited-by-human' });
  await people.tick(board, `remake:${id}@${theirs}`);
  expect(await pass()).toMatchObject({ [id]: 'updated' });
  expect(shop.github.pulls()[0]?.comments.map(({ body }) => body)).toEqual([expect.stringContaining(theirs)]);

  await people.close(shop.github.pulls()[1]?.number ?? 0, { comment: 'no' });
  await pass();
  await people.tick(board, `reconsider:${other}`);
  await pass();
  const states = shop.github.pulls().map(({ head, state }) => [head, state]);
  expect(states.slice(0, 2)).toEqual([
    [id, 'open'],
    [other, 'closed'],
  ]);
  expect(await pass()).toMatchObject({ [id]: 'unchanged', [other]: 'capped' });
  expect(shop.github.issues()).toHaveLength(1);
  expect(shop.github.issues()[0]?.body).not.toContain('[x]');
});
