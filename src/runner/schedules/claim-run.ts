import { newId } from '../../contracts/ids.ts';
import type { ScheduleRun } from '../../contracts/schedule-run.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { recordAll } from '../../ledger/record-all.ts';
import type { Schedule } from './parse-schedule.ts';
import { planDueRun } from './plan-due-run.ts';
import { readScheduleRuns } from './read-schedule-runs.ts';
import { runContract, runnerName } from './run-contract.ts';

/**
 * - `claimed`: the start is recorded, and whoever got this answer does the work. `joined`: a person does what another
 *   runner has begun, and may have died over; its start is the one on record
 * - `begun`: the schedule was seen for the first time, and that is recorded
 * - `gave-up`: too many runners have vanished over this time; it is recorded as failed
 * - `nothing`: it is not due, or another runner was first
 */
export type Claim =
  | { readonly result: 'claimed'; readonly run: ScheduleRun; readonly joined?: boolean }
  | { readonly result: 'begun' | 'gave-up'; readonly run: ScheduleRun }
  | { readonly result: 'nothing' };

export interface ClaimOptions {
  /** The name of the schedule, such as loop. */
  readonly name: string;
  readonly schedule: Schedule;
  /** True for a person who runs it now: then the first look is a run, and not only where the schedule begins. */
  readonly byHand?: boolean;
}

/**
 * Takes a run that is due, in one transaction: the decision is made on the snapshot that the record is added to, so
 * of any number of runners one gets it.
 */
export async function claimRun(context: PassContext, options: ClaimOptions): Promise<Claim> {
  const { workspace, index } = context;
  const nonce = newId(workspace.clock.now());
  const isOwn = ({ extra }: ScheduleRun) => extra?.nonce === nonce;
  const decided: { claim: Claim } = { claim: { result: 'nothing' } };
  const words = { subject: `Record what is due: ${options.name}` };
  const done = await recordAll(workspace, index, words, async (snapshot) => {
    const runs = await readScheduleRuns(snapshot, options.name);
    // A push whose answer was lost has happened all the same: then the record is there, and it is ours.
    if (runs.some(isOwn)) return { contracts: [] };
    decided.claim = decide(context, options, runs, nonce);
    return { contracts: isNew(decided.claim) ? [runContract(decided.claim.run)] : [] };
  });
  if (!isNew(decided.claim) || done.value === 1) return decided.claim;
  const { snapshot } = await workspace.log.tip();
  const isThere = (await readScheduleRuns(snapshot, options.name)).some(isOwn);
  return isThere ? decided.claim : { result: 'nothing' };
}

/** Whether there is something to record. */
function isNew(claim: Claim): claim is Exclude<Claim, { result: 'nothing' }> {
  return claim.result !== 'nothing' && !('joined' in claim);
}

function decide(
  { workspace }: PassContext,
  { name, schedule, byHand = false }: ClaimOptions,
  runs: readonly ScheduleRun[],
  nonce: string,
): Claim {
  const now = workspace.clock.now();
  const marginMs = workspace.settings.work.clock_margin_seconds * 1_000;
  const plan = planDueRun(schedule, now, runs, { marginMs });
  const told = { schedule: name, runner: runnerName(), at: now.toISOString(), extra: { nonce } };
  const run = { ...told, missed: 0, attempt: 1, state: 'started' as const };
  const beginning = { ...run, state: 'begun' as const };
  switch (plan.action) {
    case 'begin':
      if (byHand) return { result: 'claimed', run: { ...run, due_at: plan.due_at } };
      return { result: 'begun', run: { ...beginning, due_at: plan.due_at } };
    case 'run': {
      const { due_at, missed, attempt } = plan;
      return { result: 'claimed', run: { ...run, due_at, missed, attempt } };
    }
    case 'give-up': {
      const { due_at, missed, attempt } = plan;
      return {
        result: 'gave-up',
        run: { ...run, due_at, missed, attempt, state: 'failed', error: VANISHED },
      };
    }
    case 'nothing':
      return byHand ? again(run, newestEnd(runs)) : { result: 'nothing' };
    case 'wait':
      return byHand ? { result: 'claimed', run: plan.run, joined: true } : { result: 'nothing' };
  }
}

/** A person may do what has failed once more; what has finished is done. */
function again(run: Omit<ScheduleRun, 'due_at'>, last: ScheduleRun | undefined): Claim {
  if (last?.state !== 'failed') return { result: 'nothing' };
  const { due_at, missed, attempt } = last;
  return { result: 'claimed', run: { ...run, due_at, missed, attempt: attempt + 1 } };
}

function newestEnd(runs: readonly ScheduleRun[]): ScheduleRun | undefined {
  const ended = runs.filter(({ state }) => state !== 'started');
  const order = ({ due_at, attempt }: ScheduleRun) => `${due_at} ${String(attempt).padStart(6, '0')}`;
  return ended.sort((a, b) => (order(a) < order(b) ? -1 : 1)).at(-1);
}

const VANISHED = 'every runner that began was never heard of again';
