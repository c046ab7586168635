import { faultPoint } from '../contracts/fault-point.ts';
import { toEntry } from '../contracts/record.ts';
import type { Claim } from '../contracts/work.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { PassContext } from '../ledger/controller.ts';
import { recordContracts } from '../ledger/record-contracts.ts';
import { recordingOptions } from '../ledger/recording-options.ts';
import type { Folds, FoundCell } from './find-folds.ts';
import { planFold } from './fold-plan.ts';
import { type LateClaim, lateEdits } from './keep-late.ts';
import { SLOT_SPACE } from './paths.ts';
import type { Queue } from './queue.ts';
import { type LifeStep, readLifecycle } from './read-lifecycle.ts';
import { WorkReader } from './read-work.ts';
import { slotEvents } from './slot-events.ts';

type Lives = ReadonlyMap<string, readonly LifeStep[]>;

/**
 * Folds ended cells into the ledger: one commit, then the cells are deleted by swap. Killed in between, the next
 * pass finds the cells again, finds their lives recorded, and deletes them.
 * @returns how many slots have left the queue
 */
export async function fold(queue: Queue, context: PassContext, folds: Folds): Promise<number> {
  const { workspace } = context;
  const ended = await readLives(queue, folds.ended);
  const withdrawn = await readLives(queue, withCells(folds));
  const words = { subject: wordsFor(folds), priority: 'result' as const };
  const reader = new WorkReader();
  const { value } = await workspace.log.transact(words, async (snapshot) => {
    const work = await reader.read(snapshot);
    const at = workspace.clock.now();
    const plan = planFold(work, { ended, withdrawn, at });
    const recording = await recordContracts(
      snapshot,
      plan.contracts,
      recordingOptions(workspace, context.index),
    );
    const late = await lateClaims(context, snapshot, ended, plan.absent);
    const kept = await lateEdits(snapshot, late, at);
    return { edits: [...recording.edits, ...plan.edits, ...kept], value: plan.folded };
  });
  await faultPoint('queue:folded');
  await deleteCells(queue, [...folds.ended, ...folds.withdrawn.flatMap(({ cell }) => cell ?? [])]);
  return value;
}

/** Deletes cells that still are as they were seen. One that has moved is looked at again by the next pass. */
export async function deleteCells({ workspace }: Queue, cells: readonly FoundCell[]): Promise<void> {
  if (cells.length === 0) return;
  const swaps = cells.map(({ slotId: id, commit: expected }) => ({
    space: SLOT_SPACE,
    id,
    expected,
    next: null,
  }));
  await workspace.cells.trySwap(swaps, 'result');
}

function withCells({ withdrawn }: Folds): readonly (FoundCell | { slotId: string; commit: null })[] {
  return withdrawn.map(({ slotId, cell }) => cell ?? { slotId, commit: null });
}

async function readLives(
  { workspace }: Queue,
  cells: readonly { readonly slotId: string; readonly commit: string | null }[],
): Promise<Lives> {
  const lives = cells.map(async ({ slotId, commit }) => {
    const steps = commit === null ? [] : await readLifecycle(workspace.store, slotId, commit);
    return [slotId, steps] as const;
  });
  return new Map(await Promise.all(lives));
}

/** Of the cells whose slot has gone, those that no earlier fold has recorded. */
async function lateClaims(
  { workspace, index }: PassContext,
  snapshot: Snapshot,
  ended: Lives,
  absent: readonly string[],
): Promise<LateClaim[]> {
  const last = absent.flatMap((id) => {
    const steps = ended.get(id) ?? [];
    const [claim, event] = [steps.at(-1)?.claim, slotEvents(steps, 0).at(-1)];
    return claim === undefined || event === undefined ? [] : [{ claim, event }];
  });
  if (last.length === 0) return [];
  const entries = last.map(({ event }) => toEntry(event, workspace.clock.now()));
  const known = await index.look(snapshot, 'slot_event', entries);
  return last.flatMap(({ claim }, at) => (known[at] === 'new' && hasResult(claim) ? [{ claim, why }] : []));
}

const why = 'the slot had left the queue before it was claimed';

function hasResult({ state }: Claim): boolean {
  return state === 'shipped' || state === 'failed';
}

function wordsFor({ ended, withdrawn, givenUp }: Folds): string {
  const slots = ended.length + withdrawn.length + givenUp.length;
  return `Fold ${slots} ${slots === 1 ? 'slot' : 'slots'} into the history`;
}
