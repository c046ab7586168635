import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../../src/contracts/clock.ts';
import { outcome } from '../../../src/contracts/outcome.ts';
import type { Patch } from '../../../src/contracts/patch.ts';
import type { Entry } from '../../../src/contracts/record.ts';
import type { Claim, SlotResult, WorkSlot } from '../../../src/contracts/work.ts';
import { autoApplyController } from '../../../src/feedback/auto-apply/auto-apply-controller.ts';
import { gateController } from '../../../src/feedback/gate/gate-controller.ts';
import { proposalController } from '../../../src/feedback/proposal-controller.ts';
import type { PassContext } from '../../../src/ledger/controller.ts';
import { intakeController } from '../../../src/ledger/intake-controller.ts';
import { readEntries } from '../../../src/ledger/read-entries.ts';
import { recordAll } from '../../../src/ledger/record-all.ts';
import { recordContracts } from '../../../src/ledger/record-contracts.ts';
import { recordingOptions } from '../../../src/ledger/recording-options.ts';
import { thoughtRecipe } from '../../../src/preference/thought-recipe.ts';
import { planFold } from '../../../src/queue/fold-plan.ts';
import { queueController } from '../../../src/queue/queue-controller.ts';
import type { LifeStep } from '../../../src/queue/read-lifecycle.ts';
import { WorkReader } from '../../../src/queue/read-work.ts';
import { type PassReport, runPass } from '../../../src/runner/run-pass.ts';
import { copyWorkspace, inWorkspace, place as placeFile } from '../../e2e/prepared-workspace.ts';
import { sampleClaim } from '../../queue/sample-work.ts';
import { type GitFolder, gitFolder } from '../../support/git-folder.ts';
import { patchFields } from '../feedback-records.ts';
import { bullet } from './gate-cases.ts';

export const gateSettings = 'gate: { agent: ./agent, smoke: ./smoke, headroom_tasks: 0 }\n';

const gateControllers = [
  intakeController,
  queueController,
  gateController([thoughtRecipe]),
  proposalController,
  autoApplyController,
];

/** What became of a replay: undefined when nobody has done it yet. */
export type Judge = (slot: WorkSlot) => 'solved' | 'failed' | 'dead' | undefined;

export interface GatePlace extends AsyncDisposable {
  readonly folder: GitFolder;
  /** Runs `work` as a process of its own would: fresh workspace, fresh index. */
  run<T>(work: (context: PassContext) => Promise<T>): Promise<T>;
  /** One pass of intake, queue, gate, proposals and auto-apply. */
  pass(): Promise<PassReport>;
  /** Does replays as workers and a fold would, without an agent. @returns how many were done */
  replay(judge: Judge): Promise<number>;
  drop(name: string, fields: Patch): Promise<void>;
  slots(): Promise<WorkSlot[]>;
  records<Fields>(kind: string): Promise<(Entry & Fields)[]>;
  branches(): Promise<string[]>;
  /** The page of the only proposal. */
  page(): Promise<string>;
  set(settings: string): Promise<void>;
  advance(hours: number): void;
}

/**
 * A workspace with so many imported outcomes of the solver, and one patch of it: a bullet.
 * @param carried the recommendations that the patch names
 */
export async function gatePlace(
  settings = gateSettings,
  outcomes = 200,
  carried: readonly string[] = [],
): Promise<GatePlace> {
  const folder = await gitFolder({
    'millwright.yaml': settings,
    '.gitignore': '.millwright/\n',
    'personas/solver.yaml': await readFile(new URL('../../../personas/solver.yaml', import.meta.url), 'utf8'),
  });
  const place = placeIn(folder);
  await place.run((context) => recordOutcomes(context, outcomes));
  const recommendation_ids = [...carried];
  await place.drop('p-1', { ...patchFields('p-1', [bullet]), component: 'playbook', recommendation_ids });
  return place;
}

/** The same place once more, in a folder of its own. */
export async function copyOf({ folder }: GatePlace): Promise<GatePlace> {
  return placeIn(await copyWorkspace(folder));
}

function placeIn(folder: GitFolder): GatePlace {
  let ahead = 0;
  const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + ahead) };
  const run = <T>(work: (context: PassContext) => Promise<T>) => inWorkspace(folder.dir, work, { clock });
  const branches = async () => {
    const text = await folder.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/millwright');
    return text.split('\n').filter((name) => name !== '');
  };
  return {
    folder,
    run,
    branches,
    pass: () => run((context) => runPass(context, { controllers: gateControllers })),
    replay: (judge) => run((context) => replayAll(context, judge)),
    drop: (name, fields) =>
      placeFile(folder.dir, `queue/inbox/patch/${name}.json`, `${JSON.stringify(fields)}\n`),
    slots: () => run(async (context) => [...(await readWork(context)).slots.values()]),
    records: <Fields>(kind: string) =>
      run(async ({ workspace }) => readEntries<Fields>((await workspace.log.tip()).snapshot, kind)),
    page: async () => {
      const [id = ''] = await branches();
      const name = id.replace('millwright/', '').replaceAll('/', '.');
      return readFile(join(folder.dir, 'queue/proposals', `${name}.md`), 'utf8');
    },
    set: async (settings) => {
      await folder.write('millwright.yaml', settings);
      await folder.git('commit', '-q', '-am', 'Settings');
    },
    advance: (hours) => {
      ahead += hours * 3_600_000;
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** So many tasks are won by the patched persona, and as many lost; the others both sides solve. */
export function judged(won: number, lost: number): (slot: WorkSlot) => 'solved' | 'failed' {
  return ({ slot_id, replay }) => {
    const number = Number(slot_id.split('-').at(-3));
    const fails = replay?.arm === 'new' ? number > won && number <= won + lost : number <= won;
    return fails ? 'failed' : 'solved';
  };
}

export async function recordOutcomes({ workspace, index }: PassContext, count: number): Promise<void> {
  const contracts = Array.from({ length: count }, (_, at) => ({
    id: `outcome-${at}`,
    kind: outcome,
    source: 'import',
    fields: { idea_id: `idea-${at}`, persona_id: 'solver', outcome: 'accepted', cost_usd: 0.1 },
  }));
  await recordAll(workspace, index, { subject: 'Import' }, async () => ({ contracts }));
}

async function readWork({ workspace }: PassContext) {
  return new WorkReader().read((await workspace.log.tip()).snapshot);
}

/** The queue's own fold, of lives that were never in a cell. */
async function replayAll(context: PassContext, judge: Judge): Promise<number> {
  const { workspace, index } = context;
  const { value } = await workspace.log.transact({ subject: 'Fold replays' }, async (snapshot) => {
    const work = await new WorkReader().read(snapshot);
    const ended = [...work.slots.values()].flatMap((slot) => lifeOf(slot, judge(slot)));
    const plan = planFold(work, { ended: new Map(ended), withdrawn: new Map(), at: workspace.clock.now() });
    const recording = await recordContracts(snapshot, plan.contracts, recordingOptions(workspace, index));
    return { edits: [...recording.edits, ...plan.edits], value: plan.folded };
  });
  return value;
}

function lifeOf(slot: WorkSlot, done: ReturnType<Judge>): [string, LifeStep[]][] {
  if (done === undefined) return [];
  const { slot_id, item_id } = slot;
  const held = sampleClaim({ slot_id, item_id, renewed_at: slot.created_at, claimed_at: slot.created_at });
  const states = { solved: 'shipped', failed: 'failed', dead: 'dead' } as const;
  const result: SlotResult = { smoke_test_pass: done === 'solved', files_pushed: [], cost_usd: 0.05 };
  const end: Claim = { ...held, state: states[done], ...(done === 'dead' ? { attempts: 2 } : { result }) };
  return [[slot_id, [held, end].map((claim, at) => ({ commit: `${slot_id}-${at}`, claim }))]];
}
