import { afterEach, expect, test } from 'vitest';
import { outcome } from '../../../src/contracts/outcome.ts';
import { thought } from '../../../src/contracts/thought.ts';
import { readArchive } from '../../../src/feedback/gate/read-archive.ts';
import { startCommit } from '../../../src/feedback/gate/start-commit.ts';
import { recordAll } from '../../../src/ledger/record-all.ts';
import { thoughtRecipe } from '../../../src/preference/thought-recipe.ts';
import { type GatePlace, gatePlace } from './gate-place.ts';

let place: GatePlace;
afterEach(() => place[Symbol.asyncDispose]());

const done = (id: string, fields: object, source = 'queue') => ({
  id,
  kind: outcome,
  source,
  fields: { persona_id: 'solver', outcome: 'failed', ...fields },
});

test('The archive holds work of the queue as its recipe makes it anew, and imported tasks by their name.', async () => {
  place = await gatePlace('thoughts: { persona: solver, smoke: ./check }\n', 0);
  const wish = {
    id: 't-1',
    kind: thought,
    source: 'x',
    fields: { thought_id: 't-1', text: 'A wheel.', category: 'wheels', model: 'own' },
  };
  const contracts = [
    wish,
    done('o-1', { idea_id: 't-1', commit_hash: 'abc', cost_usd: 1, extra: { slot_id: 't-1-v2', token: 1 } }),
    done('o-2', { idea_id: 't-1', extra: { slot_id: 't-1-v9', token: 1 } }),
    done('o-3', { idea_id: 't-404', extra: { slot_id: 't-404-v1', token: 1 } }),
    done(
      'o-4',
      { idea_id: 'idea', paired_key: 'pair', domain: 'a/b', notes: 'Was hard.', cost_usd: 3 },
      'import',
    ),
    done('o-5', { idea_id: 'idea', paired_key: 'pair' }, 'import'),
    done('o-6', { idea_id: 'broken', outcome: 'error' }, 'import'),
    done('o-7', { idea_id: 'elsewhere', persona_id: 'backend' }, 'import'),
  ];
  await place.run(({ workspace, index }) =>
    recordAll(workspace, index, { subject: 'Past' }, async () => ({ contracts })),
  );
  const found = await place.run(({ workspace }) => readArchive(workspace, [thoughtRecipe], 'solver'));
  expect(found.meanCost).toBe(2);
  expect(found.tasks).toMatchObject([
    { taskId: 'pair', group: 'pair', prompt: 'replay', smoke: undefined, commit: null },
    {
      taskId: 't-1-v2',
      group: 't-1',
      domain: 'wheels',
      prompt: 'thought',
      smoke: './check',
      model: 'own',
      commit: 'abc',
      variables: { text: 'A wheel.', variant_index: 2, diversity_mode: 'different_motion' },
    },
  ]);
});

test('Work started where its branch left the base; of merged work that is the commit before it.', async () => {
  place = await gatePlace('', 0);
  const { folder } = place;
  const commit = async (name: string) => {
    await folder.write(name, name);
    await folder.git('add', '-A');
    await folder.git('commit', '-qm', name);
    return (await folder.git('rev-parse', 'HEAD')).trim();
  };
  const start = await commit('start');
  await folder.git('checkout', '-q', '-b', 'work');
  await commit('one');
  const work = await commit('two');
  await folder.git('checkout', '-q', 'main');
  const base = await commit('base');
  expect(await startCommit(folder.dir, work, base)).toBe(start);
  expect(await startCommit(folder.dir, start, base)).toBe(
    (await folder.git('rev-parse', `${start}^`)).trim(),
  );
  for (const unknown of [null, '1'.repeat(40), '--all', 'HEAD'])
    expect(await startCommit(folder.dir, unknown, base)).toBeUndefined();
});
