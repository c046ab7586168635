import { derivedId } from '../../src/contracts/ids.ts';
import { pass } from '../../src/contracts/pass.ts';
import type { Contract } from '../../src/contracts/record.ts';
import { type Settings, settings as settingsSchema } from '../../src/contracts/settings.ts';
import { thought } from '../../src/contracts/thought.ts';
import type { SlotResult, WorkItem, WorkSlot } from '../../src/contracts/work.ts';
import { commitMessage } from '../../src/git/commit-message.ts';
import type { Edit } from '../../src/git/edit.ts';
import { thoughtRecipe } from '../../src/preference/thought-recipe.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { planFold } from '../../src/queue/fold-plan.ts';
import type { LifeStep } from '../../src/queue/read-lifecycle.ts';
import { claimSlot, complete, renew, type Stamp } from '../../src/queue/slot-machine.ts';
import { seeded } from '../synthetic-outcomes.ts';
import { FastImport } from './fast-import.ts';

/** Slots that one pass folds. */
const SLOTS_A_PASS = 100;
const HOUR_MS = 3_600_000;
const SEED = 20_261_121;

/**
 * A ledger as input of `git fast-import`: a history of finished slots, then slots that can be claimed. For each
 * hundred finished ones there are the three commits that a pass would leave, with records and files from the
 * functions that the engine makes its own with: taken in, claimed, renewed once, shipped (or failed, one in ten),
 * folded. Seeded, but for the nonces of the commits.
 */
export function* ledgerCommits(finished: number, live: number): Generator<string> {
  const settings = settingsSchema.parse({});
  const random = seeded(SEED);
  const ledger = new FastImport('main', settings.limits.segment_bytes);
  const passes = Math.ceil(finished / SLOTS_A_PASS);
  const first = Date.now() - (passes + 1) * HOUR_MS;
  for (let at = 0; at < passes; at += 1) yield* onePass(ledger, settings, random, first + at * HOUR_MS);
  yield takeIn(ledger, settings, new Date(), live).commit;
}

function* onePass(
  ledger: FastImport,
  settings: Settings,
  random: () => number,
  startMs: number,
): Generator<string> {
  const at = (minutes: number) => new Date(startMs + minutes * 60_000);
  const { commit, edits, events } = takeIn(ledger, settings, at(0), SLOTS_A_PASS);
  yield commit;
  const { items, slots } = workOf(edits, events);
  const ended = new Map(slots.map((slot) => [slot.slot_id, lifeOf(slot, random, at)]));
  const work = {
    items: new Map(items.map((item) => [item.item_id, item])),
    slots: new Map(slots.map((slot) => [slot.slot_id, slot])),
    dead: new Map(),
    bad: [],
  };
  const plan = planFold(work, { ended, withdrawn: new Map(), at: at(30) });
  yield ledger.commit(said(`Fold ${slots.length} slots into the history`), at(30), plan);
  yield ledger.commit(said('Record a pass'), at(30), { contracts: [passAt(at(30))], edits: [] });
}

/** Thoughts come in, and bring their items and slots along. */
function takeIn(
  ledger: FastImport,
  settings: Settings,
  at: Date,
  slots: number,
): { commit: string; edits: Edit[]; events: Contract[] } {
  const thoughts = Array.from({ length: slots / 5 }, (_, index) => thoughtAt(at, index));
  const queued = thoughts.map((contract) => enqueue(thoughtRecipe, contract, settings, at));
  const edits = queued.flatMap((one) => one.edits);
  const events = queued.flatMap(({ contracts }) => contracts);
  const change = { contracts: [...thoughts, ...events], edits };
  return { commit: ledger.commit(said(`Take in ${thoughts.length} contracts`), at, change), edits, events };
}

const said = (subject: string) => commitMessage([{ subject }]);

function thoughtAt(at: Date, index: number): Contract {
  const id = derivedId(at, ['thought', String(index)]);
  const text = `Could step ${index} of ${at.toISOString()} be done with less? Look for what nobody needs.`;
  return { id, kind: thought, source: `inbox:thought/${index}.json`, fields: { thought_id: id, text } };
}

/** Back from the files that were just made. */
function workOf(
  edits: readonly Edit[],
  contracts: readonly Contract[],
): { items: WorkItem[]; slots: WorkSlot[] } {
  const slots = edits.flatMap((edit) =>
    'put' in edit && 'content' in edit && edit.put.endsWith('.json')
      ? [JSON.parse(String(edit.content)) as WorkSlot]
      : [],
  );
  const items = contracts.map(({ fields }): WorkItem => {
    const id = String(fields.item_id);
    const own = slots.filter(({ item_id }) => item_id === id);
    const shared = {
      kind: 'thought',
      recipe: 'thought',
      title: id,
      created_at: String(fields.at),
      priority: 0,
    };
    return { item_id: id, ...shared, slots: own.map(({ slot_id }) => slot_id), ended: {} };
  });
  return { items, slots };
}

function lifeOf(slot: WorkSlot, random: () => number, at: (minutes: number) => Date): LifeStep[] {
  const hex = (length: number) =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const stamp = (minutes: number): Stamp => ({ at: at(minutes), clock: 'server', nonce: hex(24) });
  const worker = Math.floor(random() * 16);
  const who = { worker_id: `worker-${worker}-4711-${worker}`, host: `worker-${worker}`, pid: 4_711 };
  const claimed = claimSlot(slot, null, who, stamp(1 + random()));
  const renewed = renew(claimed, stamp(3.5 + random()));
  const ended = complete(renewed, stamp(6 + 20 * random()), resultOf(slot, random, hex));
  return [claimed, renewed, ended].map((claim) => ({ commit: hex(40), claim }));
}

function resultOf(slot: WorkSlot, random: () => number, hex: (length: number) => string): SlotResult {
  const passed = random() < 0.9;
  return {
    branch_name: slot.branch,
    commit_hash: hex(40),
    files_pushed: ['src/step.ts', 'test/step.test.ts'],
    smoke_test_pass: passed,
    persona_version: '1.0.0',
    prompt_hash: hex(12),
    model: 'sonnet-4-5',
    cost_usd: Math.round(random() * 10_000) / 10_000,
    tokens: Math.floor(random() * 200_000),
    duration_seconds: Math.floor(random() * 1_200),
    ...(passed ? {} : { reason: 'the smoke test ended with 1' }),
  };
}

function passAt(at: Date): Contract {
  const id = derivedId(at, ['pass']);
  const fields = {
    pass_id: id,
    runner: 'worker-0:4711',
    started_at: at.toISOString(),
    duration_ms: 1_200,
    accepted: {},
    unchanged: 0,
    rejected: 0,
    findings: 0,
    proposals: [],
  };
  return { id, kind: pass, source: 'runner', fields };
}
