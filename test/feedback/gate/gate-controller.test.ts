import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Delta } from '../../../src/contracts/delta.ts';
import type { PatchDecision } from '../../../src/contracts/patch.ts';
import type { PatchTest, ReplayRun } from '../../../src/contracts/patch-test.ts';
import { recommendation } from '../../../src/contracts/recommendation.ts';
import type { ItemEvent } from '../../../src/contracts/slot-event.ts';
import type { WorkSlot } from '../../../src/contracts/work.ts';
import { readFeedbackState } from '../../../src/feedback/feedback-state.ts';
import { rejectPatch } from '../../../src/feedback/reject-patch.ts';
import { recordAll } from '../../../src/ledger/record-all.ts';
import { cancelItem } from '../../../src/queue/cancel-item.ts';
import { solverFile } from '../../forge/workshop.ts';
import { patchFields, recommended } from '../feedback-records.ts';
import { bullet } from './gate-cases.ts';
import { copyOf, type GatePlace, gatePlace, gateSettings, judged } from './gate-place.ts';

/** Its replays are in the queue. */
let begun: GatePlace;
let place: GatePlace;
beforeAll(async () => {
  begun = await gatePlace();
  await begun.pass();
});
afterEach(() => place[Symbol.asyncDispose]());
afterAll(() => begun[Symbol.asyncDispose]());

const other: Delta = { ...bullet, id: 'solver-other' };
const results = async () => (await place.pass()).proposals.map(({ result, detail }) => [result, detail]);
const tests = () => place.records<PatchTest>('patch_test');
const withHeadroom = 'gate: { agent: ./agent, smoke: ./smoke, headroom_tasks: 20 }\n';

test('A patch is replayed on 60 tasks by both sides, and offered with the verdict when all are done.', async () => {
  place = await copyOf(begun);
  expect(await results()).toEqual([['testing', '0 of 120 replays done']]);
  expect(await place.branches()).toEqual([]);
  const slots = await place.slots();
  expect(slots).toHaveLength(120);
  expect(new Set(slots.map(({ replay }) => replay?.task_id)).size).toBe(60);
  expect(slots.filter(({ replay }) => replay?.arm === 'new').map(({ replay }) => replay?.deltas)).toEqual(
    Array(60).fill([bullet]),
  );
  expect(slots[0]).toMatchObject({ recipe: 'replay', prompt: 'replay', smoke: './smoke', priority: -1 });
  const half = (slot: WorkSlot) =>
    Number(slot.slot_id.split('-').at(-3)) > 30 ? undefined : judged(12, 2)(slot);
  expect(await place.replay(half)).toBe(60);
  expect(await results()).toEqual([['testing', '60 of 120 replays done']]);
  expect(await place.replay(judged(12, 2))).toBe(60);
  expect(await results()).toEqual([['opened', undefined]]);
  expect(await tests()).toEqual([
    expect.objectContaining({
      verdict: 'improved',
      pairs: 60,
      wins: 12,
      losses: 2,
      runs: 120,
      cost_usd: 6,
      agent: './agent',
    }),
  ]);
  const text = await place.page();
  expect(text).toContain('**Improved:');
  expect(text).toContain('Wins : losses 12:2, one-sided sign test, p = 0.0065.');
  expect(text).toMatch(/Difference \+16\.7 points, 90 % interval \+\d+\.\d to \+\d+\.\d points\./);
  expect(text).toContain('120 replays by ./agent, $6.00.');
  expect(await place.records('outcome')).toHaveLength(200);
  expect((await place.pass()).changed).toBe(false);
});

test('A patch that does worse is refused by the gate, with the numbers, and remembered.', async () => {
  place = await copyOf(begun);
  await place.replay(judged(2, 12));
  await place.pass();
  const [decision] = await place.records<PatchDecision>('patch_decision');
  expect(decision).toMatchObject({ decision: 'rejected', decided_by: 'the gate' });
  expect(decision?.reason).toContain('2 tasks won, 12 lost of 60');
  expect((await tests())[0]?.verdict).toBe('worse');
  expect(await place.branches()).toEqual([]);
  expect(await results()).toEqual([]);
});

test('Headroom comes first; a persona that three tries do not help is left as it is.', async () => {
  place = await gatePlace(withHeadroom);
  expect(await results()).toEqual([['testing', '0 of 60 replays done']]);
  await place.replay(() => 'solved');
  await place.pass();
  expect(await tests()).toEqual([
    expect.objectContaining({ verdict: 'no_headroom', headroom: { tasks: 20, pass_at_1: 1, best_of_3: 1 } }),
  ]);
  expect((await place.records<PatchDecision>('patch_decision'))[0]?.reason).toContain(
    '100.0 % at the first try',
  );
});

test('Where three tries help, the gate follows, on tasks that the first stage did not have.', async () => {
  place = await gatePlace(withHeadroom);
  await place.pass();
  const first = new Set((await place.slots()).map(({ replay }) => replay?.task_id));
  await place.replay(({ replay }) => (replay?.attempt === 3 ? 'solved' : 'failed'));
  expect(await results()).toEqual([['testing', '0 of 120 replays done']]);
  const second = (await place.slots()).map(({ replay }) => replay?.task_id ?? '');
  expect(second.filter((task) => first.has(task))).toEqual([]);
});

test('A replay that dies counts for nobody, waits for nobody, and its pair is left out.', async () => {
  place = await copyOf(begun);
  await place.replay((slot) => (slot.slot_id.endsWith('-1-new-1') ? 'dead' : judged(20, 0)(slot)));
  await place.pass();
  const [found] = await tests();
  expect(found).toMatchObject({ verdict: 'no_evidence', runs: 119 });
  expect(found?.pairs).toBeLessThan(60);
  expect(await place.slots()).toEqual([]);
  expect(
    (await place.records<ReplayRun>('replay_run')).filter(({ outcome }) => outcome === 'error').length,
  ).toBeGreaterThan(0);
  expect((await place.records<ItemEvent>('item_event')).map(({ event }) => event)).toEqual([
    'queued',
    'complete',
  ]);
});

test('Replays that nobody does are cancelled after the time that the settings give, and the page says so.', async () => {
  place = await copyOf(begun);
  await place.replay((slot) => (slot.slot_id.endsWith('-1-new-1') ? 'solved' : undefined));
  place.advance(73);
  expect(await results()).toEqual([['opened', undefined]]);
  expect(await place.page()).toMatch(/Not tested before merge: \d+ of 120 replays were done in 72 h\./);
  expect(await place.slots()).toEqual([]);
});

test('A person who edits the persona meanwhile ends the test.', async () => {
  place = await copyOf(begun);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const text = await readFile(join(place.folder.dir, solverFile), 'utf8');
  await place.folder.write(solverFile, text.replace('emoji: "🔧"', 'emoji: "🔨"'));
  await place.folder.git('commit', '-q', '-am', 'By hand');
  await place.pass();
  expect((await tests())[0]?.reason).toBe(
    'somebody has changed the persona while its replays were under way',
  );
  expect(await place.slots()).toEqual([]);
  expect(await place.branches()).toHaveLength(1);
});

test('An edit whose commit is older than the replays ends the test as well, and it is of the file before it.', async () => {
  place = await gatePlace();
  const before = (await place.folder.git('rev-parse', `main:${solverFile}`)).trim();
  // The replays begin hours after the commit that follows, as where a branch of last week is fast-forwarded.
  place.advance(5);
  await place.pass();
  expect((await place.slots())[0]?.replay?.persona_file).toBe(before);
  await place.replay((slot) => (slot.slot_id.endsWith('-1-new-1') ? undefined : judged(12, 2)(slot)));
  const text = await readFile(join(place.folder.dir, solverFile), 'utf8');
  await place.folder.write(solverFile, text.replace('emoji: "🔧"', 'emoji: "🔨"'));
  await place.folder.git('commit', '-q', '-am', 'By hand');
  await place.replay(judged(12, 2));
  await place.pass();
  expect(await tests()).toEqual([
    expect.objectContaining({
      verdict: 'not_tested',
      reason: 'somebody has changed the persona while its replays were under way',
      extra: expect.objectContaining({ persona_file: before }),
    }),
  ]);
});

test('What an analysis of all outcomes suggested is offered as not tested; one of the other side is tested.', async () => {
  place = await gatePlace(gateSettings, 200, ['r-1']);
  await recommend('r-1', {});
  expect(await results()).toEqual([['opened', undefined]]);
  expect((await tests())[0]).toMatchObject({ verdict: 'not_tested', runs: 0 });
  expect(await place.page()).toContain(
    'Not tested before merge: the outcomes that suggested it include the tasks of the test;',
  );
  await recommend('r-2', { split: 'reflect' });
  await place.drop('p-2', { ...patchFields('p-2', [other]), recommendation_ids: ['r-2'] });
  expect((await results()).map(([result]) => result)).toContain('testing');
  expect((await place.slots())[0]?.replay?.patch_id).toBe('p-2');
});

/** A recommendation as the analysis records it. */
function recommend(id: string, extra: Readonly<Record<string, string>>) {
  const { recommendation_type, priority, title, evidence } = recommended(id, undefined);
  const own = { recommendation_id: id, recommendation_type, priority, title, evidence, extra };
  const fields = recommendation.fields.parse(own);
  const contracts = [{ id, kind: recommendation, source: 'sky-lynx', fields }];
  return place.run(({ workspace, index }) =>
    recordAll(workspace, index, { subject: 'Recommend' }, async () => ({ contracts })),
  );
}

test('A person may cancel the replays, or refuse the patch while they run.', async () => {
  place = await copyOf(begun);
  await place.drop('p-2', patchFields('p-2', [other]));
  await place.pass();
  const items = new Map((await place.slots()).map(({ replay, item_id }) => [replay?.patch_id, item_id]));
  await place.run((context) => cancelItem(context, items.get('p-1') ?? '', 'too dear'));
  await place.run(async (context) => {
    const patch = (await readFeedbackState(context.workspace)).patches.find(({ id }) => id === 'p-2');
    if (patch !== undefined) await rejectPatch(context, patch, { by: 'Ada', reason: 'no' });
  });
  await place.pass();
  expect(await tests()).toEqual([
    expect.objectContaining({ patch_id: 'p-1', reason: 'its replays were cancelled: too dear' }),
  ]);
  expect(await place.slots()).toEqual([]);
});

test('Without an agent nothing is recorded, and the page says which setting is missing.', async () => {
  place = await gatePlace('');
  expect(await results()).toEqual([['opened', undefined]]);
  expect(await tests()).toEqual([]);
  expect(await place.page()).toContain('Not tested before merge: no replay was run');
  expect(await place.page()).toContain('gate.agent');
});

test('An agent that is named later takes no proposal away, and one that is no longer named stops the replays.', async () => {
  place = await gatePlace('');
  await place.pass();
  await place.set('gate: { agent: ./agent, smoke: ./smoke }\n');
  expect(await results()).toEqual([['unchanged', undefined]]);
  expect(await place.slots()).toEqual([]);
  await place.drop('p-2', patchFields('p-2', [other]));
  await place.pass();
  expect((await place.slots()).length).toBeGreaterThan(0);
  await place.set('');
  await place.pass();
  expect(await place.slots()).toEqual([]);
});

test('A patch that takes another back skips the gate and says what it takes back.', async () => {
  place = await copyOf(begun);
  const statement = 'accepted 20 of 60 against 45 of 60, e-value 24';
  await place.drop('p-2', {
    ...patchFields('p-2', [{ op: 'remove_bullet', id: 'solver-narrow-diff', why: 'It did harm.' }]),
    reverts: 'p-0',
    evidence: [{ statement, record_ids: [] }],
  });
  expect((await results()).map(([result]) => result)).toEqual(['testing', 'opened']);
  const text = await place.page();
  expect(text).toContain(`## What it takes back\n\nPatch \`p-0\`, because it did harm.\n\n- ${statement}`);
  expect(text).toContain('Not tested before merge: it takes back a change whose harm was measured');
});
