import { expect, test } from 'vitest';
import { openPatches, readFeedbackState } from '../../src/feedback/feedback-state.ts';
import { rejectPatch } from '../../src/feedback/reject-patch.ts';
import { routeTo, type Workshop, type WorkshopOptions, workshop } from './workshop.ts';

const HOUR_MS = 3_600_000;

/** Two personas that both have something to propose. */
async function busyShop(settings: string, more: WorkshopOptions = {}): Promise<Workshop> {
  const shop = await workshop({ settings, ...more });
  await shop.drop('recommendation', 'one', routeTo('a/b', 'gpt-5'));
  await shop.drop('recommendation', 'two', routeTo('a/b', 'gpt-5', { target_persona: 'backend' }));
  return shop;
}

async function rejectFirst(shop: Shop): Promise<void> {
  const [open] = await shop.branches();
  await shop.run(async (context) => {
    const patches = openPatches(await readFeedbackState(context.workspace));
    const patch = patches.find(({ persona_id: id }) => open?.includes(`persona-${id}/`));
    if (patch === undefined) throw new Error('no proposal is open');
    await rejectPatch(context, patch, { by: 'Ada <ada@example.org>', reason: 'not now' });
  });
}

type Shop = Workshop;

test('no more proposals are open at once than the settings allow; the next one opens when one is decided.', async () => {
  await using shop = await busyShop('proposals:\n  max_open: 1\n');
  const results = Object.values(await shop.results());
  expect(results).toHaveLength(2);
  expect(results).toContain('capped');
  const opened = await shop.branches();
  expect(opened).toHaveLength(1);
  const tip = await shop.ledgerTip();
  expect((await shop.pass()).changed).toBe(false);
  expect(await shop.ledgerTip()).toBe(tip);
  await rejectFirst(shop);
  await shop.pass();
  const next = await shop.branches();
  expect(next).toHaveLength(1);
  expect(next).not.toEqual(opened);
});

test('no more proposals are opened in 24 hours than the settings allow, even when the first are decided.', async () => {
  await using shop = await busyShop('proposals:\n  max_per_day: 1\n', { remote: true });
  await shop.pass();
  expect(await shop.branches()).toHaveLength(1);
  await rejectFirst(shop);
  expect(Object.values(await shop.results())).toEqual(['capped']);
  shop.advance(23.5 * HOUR_MS);
  expect(Object.values(await shop.results())).toEqual(['capped']);
  shop.advance(HOUR_MS);
  await shop.pass();
  expect(await shop.branches()).toHaveLength(1);
});

test('a cap of none opens nothing and loses nothing.', async () => {
  await using shop = await busyShop('proposals:\n  max_open: 0\n');
  expect(Object.values(await shop.results())).toEqual(['capped', 'capped']);
  expect(await shop.branches()).toEqual([]);
  await shop.folder.write('millwright.yaml', '');
  await shop.pass();
  expect(await shop.branches()).toHaveLength(2);
});

test('a proposal that is open already is looked after whatever the caps are.', async () => {
  await using shop = await busyShop('');
  await shop.pass();
  await shop.folder.write('millwright.yaml', 'proposals:\n  max_open: 0\n  max_per_day: 0\n');
  expect(Object.values(await shop.results())).toEqual(['unchanged', 'unchanged']);
  const [first] = await shop.branches();
  await shop.folder.git('merge', '-q', '-m', 'Merge it', first ?? '');
  await shop.pass();
  expect(await shop.records('patch_decision')).toHaveLength(1);
});
