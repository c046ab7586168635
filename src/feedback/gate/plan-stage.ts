import type { Replay } from '../../contracts/work.ts';
import type { Archive, ArchivedTask } from './archived-task.ts';
import { chooseTasks } from './choose-tasks.ts';
import type { GateFacts } from './gate-facts.ts';
import { HEADROOM_ATTEMPTS } from './judge-headroom.ts';

/** One item of work: each task once for each arm and attempt. */
export interface PlannedStage {
  readonly stage: Replay['stage'];
  readonly tasks: readonly ArchivedTask[];
  readonly arms: readonly Replay['arm'][];
  readonly attempts: number;
  /** USD a run of each arm; undefined where no past run told. */
  readonly expected: Readonly<Record<Replay['arm'], number | undefined>>;
}

/** An item holds 1,000 slots at most. */
const MOST_SLOTS = 1_000;

/**
 * The stage to begin with, or after the one for headroom, or why the patch cannot be tested. Everything that
 * would stop the second stage is looked at before the first: a half test is paid for nothing. Pure.
 * @param spentUsd what earlier stages have cost
 */
export function planStage(
  facts: GateFacts,
  archive: Archive,
  after: Replay['stage'] | undefined,
  spentUsd: number,
): PlannedStage | { readonly problem: string } {
  const gate = gateStage(facts, archive);
  if ('problem' in gate) return gate;
  const headroom = after === undefined ? headroomStage(facts, archive) : undefined;
  const cost = spentUsd + costOf(gate) + costOf(headroom);
  const limit = facts.settings.per_test_usd;
  if (cost > limit)
    return {
      problem: `its replays would cost about $${cost.toFixed(2)}, and gate.per_test_usd allows $${limit.toFixed(2)}`,
    };
  return headroom ?? gate;
}

function gateStage(
  { patch, persona, settings, smoke }: GateFacts,
  archive: Archive,
): PlannedStage | { readonly problem: string } {
  if (persona === undefined) return { problem: 'the persona cannot be read' };
  const { tasks, what } = chooseTasks(persona, patch.deltas, archive.tasks, 'gate');
  const judged = tasks.flatMap((task) => withSmoke(task, settings.smoke, smoke));
  const wanted = Math.min(settings.tasks, MOST_SLOTS / 2);
  if (tasks.length >= wanted && judged.length < wanted)
    return {
      problem: `${tasks.length - judged.length} of ${tasks.length} ${what} have no command that judges a replay; gate.smoke in millwright.yaml sets one for all`,
    };
  if (judged.length < wanted)
    return {
      problem: `it takes ${wanted} ${what} to test on, and the history holds ${tasks.length} of them`,
    };
  return {
    stage: 'gate',
    tasks: judged.slice(0, wanted),
    arms: ['old', 'new'],
    attempts: 1,
    expected: expectedOf(patch, archive),
  };
}

/** Another model is no better wording: its own retries say nothing of it. */
function headroomStage(
  { patch, persona, settings, smoke }: GateFacts,
  archive: Archive,
): PlannedStage | undefined {
  if (persona === undefined || patch.component === 'routing') return undefined;
  const { tasks } = chooseTasks(persona, patch.deltas, archive.tasks, 'reflect');
  const judged = tasks.flatMap((task) => withSmoke(task, settings.smoke, smoke));
  const wanted = Math.min(settings.headroom_tasks, Math.floor(MOST_SLOTS / HEADROOM_ATTEMPTS));
  if (wanted === 0 || judged.length < wanted) return undefined;
  return {
    stage: 'headroom',
    tasks: judged.slice(0, wanted),
    arms: ['old'],
    attempts: HEADROOM_ATTEMPTS,
    expected: expectedOf(patch, archive),
  };
}

function withSmoke(task: ArchivedTask, first?: string, last?: string): ArchivedTask[] {
  const smoke = first ?? task.smoke ?? last;
  return smoke === undefined ? [] : [{ ...task, smoke }];
}

/** By what the past runs of the persona cost; a route to another model says itself what that costs. */
function expectedOf({ predicted_effect: effect }: GateFacts['patch'], { meanCost }: Archive) {
  const mean = meanCost ?? undefined;
  return { old: effect.cost_per_run_before ?? mean, new: effect.cost_per_run_after ?? mean };
}

/** What nobody knows the price of counts as nothing. */
function costOf(stage: PlannedStage | undefined): number {
  if (stage === undefined) return 0;
  const once = stage.arms.reduce((sum, arm) => sum + (stage.expected[arm] ?? 0), 0);
  return once * stage.tasks.length * stage.attempts;
}
