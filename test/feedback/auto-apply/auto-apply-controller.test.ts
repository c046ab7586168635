import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AutoApply } from '../../../src/contracts/auto-apply.ts';
import { autoApply } from '../../../src/contracts/auto-apply.ts';
import { derivedId, idTime } from '../../../src/contracts/ids.ts';
import type { PatchDecision } from '../../../src/contracts/patch.ts';
import { mergeProposal } from '../../../src/forge/merge-proposal.ts';
import { recordAll } from '../../../src/ledger/record-all.ts';
import { copyOf, type GatePlace, gatePlace, gateSettings, judged } from '../gate/gate-place.ts';

const file = 'personas/solver.yaml';
const on = (more = '') => `${gateSettings}auto_apply: { enabled: true, deltas: [add_bullet]${more} }\n`;

/** Its proposal is open, and its test says improved. */
let offered: GatePlace;
let place: GatePlace;
let id: string;
beforeAll(async () => {
  offered = await gatePlace();
  await offered.pass();
  await offered.replay(judged(12, 2));
  await offered.pass();
  [id = ''] = await offered.branches();
});
afterEach(() => place[Symbol.asyncDispose]());
afterAll(() => offered[Symbol.asyncDispose]());

const uses = () => place.records<AutoApply>('auto_apply');
const decisions = () => place.records<PatchDecision>('patch_decision');
const results = async () => (await place.pass()).proposals.map(({ result }) => result);
const hasBullet = async () => (await place.folder.git('show', `main:${file}`)).includes('solver-read-first');

function use(patch_id: string, hoursAgo: number) {
  const at = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
  const recordId = derivedId(idTime(patch_id), ['auto_apply', patch_id]);
  const fields = {
    auto_apply_id: recordId,
    patch_id,
    persona_id: 'solver',
    proposal_id: id,
    patch_test_id: 't',
    delta_kinds: ['add_bullet'],
    applied_at: at,
  };
  const contracts = [{ id: recordId, kind: autoApply, source: 'auto_apply', fields }];
  return place.run(({ workspace, index }) =>
    recordAll(workspace, index, { subject: 'Use' }, async () => ({ contracts })),
  );
}

test('It is off by default.', async () => {
  place = await copyOf(offered);
  expect(await results()).toEqual(['unchanged']);
  expect(await uses()).toEqual([]);
});

test('Switched on it merges, says who did, and leaves a record.', async () => {
  place = await copyOf(offered);
  await place.set(on());
  await place.pass();
  expect(await hasBullet()).toBe(true);
  expect(await decisions()).toEqual([
    expect.objectContaining({ decision: 'applied', decided_by: 'auto_apply', proposal_id: id }),
  ]);
  expect(await uses()).toEqual([
    expect.objectContaining({
      patch_id: 'p-1',
      persona_id: 'solver',
      proposal_id: id,
      delta_kinds: ['add_bullet'],
    }),
  ]);
  expect(await place.branches()).toEqual([]);
  expect((await place.pass()).changed).toBe(false);
});

test('Other sorts of delta, and a day that is used up, wait for a person.', async () => {
  place = await copyOf(offered);
  await place.set(on().replace('add_bullet', 'set_route'));
  expect(await results()).toEqual(['unchanged']);
  await use('p-0', 23);
  await place.set(on());
  expect(await results()).toEqual(['unchanged']);
  expect(await hasBullet()).toBe(false);
  place.advance(2);
  await place.pass();
  expect(await hasBullet()).toBe(true);
  expect(await uses()).toHaveLength(2);
});

test('A pass that died after it counted merges without counting again.', async () => {
  place = await copyOf(offered);
  await use('p-1', 1);
  await place.set(on());
  await place.pass();
  expect(await hasBullet()).toBe(true);
  expect(await uses()).toHaveLength(1);
});

test('A pass that died after it merged leaves the decision to the next one.', async () => {
  place = await copyOf(offered);
  await use('p-1', 1);
  await place.run(({ workspace }) => mergeProposal(workspace, id, 'x', 'auto_apply'));
  await place.set(on());
  await place.pass();
  expect(await decisions()).toEqual([expect.objectContaining({ decided_by: 'auto_apply' })]);
  expect(await uses()).toHaveLength(1);
});

test('A branch that a person works on is theirs.', async () => {
  place = await copyOf(offered);
  const { folder } = place;
  await folder.git('checkout', '-q', id);
  const text = await readFile(join(folder.dir, file), 'utf8');
  await folder.write(file, text.replace('failing test', 'failing tests'));
  await folder.git('commit', '-q', '-am', 'Mine');
  await folder.git('checkout', '-q', 'main');
  await place.set(on());
  expect(await results()).toEqual(['edited-by-human']);
  expect([await hasBullet(), await uses()]).toEqual([false, []]);
});

test('A persona that a person edits is theirs: the proposal is made anew and waits.', async () => {
  place = await copyOf(offered);
  const { folder } = place;
  const text = await readFile(join(folder.dir, file), 'utf8');
  await folder.write(file, text.replace('# The persona', '# This is the persona'));
  await place.set(on());
  expect(await results()).toEqual(['updated']);
  expect(await results()).toEqual(['unchanged']);
  expect([await hasBullet(), await uses()]).toEqual([false, []]);
});

test('A branch with any other file in it is never merged, whoever seems to have made it.', async () => {
  place = await copyOf(offered);
  const { folder } = place;
  await folder.git('checkout', '-q', id);
  await folder.write('prompts/evil.md', 'x');
  await folder.git('add', '-A');
  await folder.git(
    '-c',
    'user.name=Millwright',
    '-c',
    'user.email=millwright@localhost',
    'commit',
    '-q',
    '--amend',
    '--no-edit',
    '--reset-author',
  );
  await folder.git('checkout', '-q', 'main');
  await place.set(on());
  await place.pass();
  expect(await results()).toEqual(['unchanged']);
  expect([await hasBullet(), await uses()]).toEqual([false, []]);
});

test('A branch that moves after it was looked at is not merged.', async () => {
  place = await copyOf(offered);
  const merging = place.run(({ workspace }) =>
    mergeProposal(workspace, id, 'x', 'auto_apply', '0'.repeat(40)),
  );
  await expect(merging).rejects.toMatchObject({ code: 'conflict' });
  expect(await hasBullet()).toBe(false);
});
