import { faultPoint } from '../contracts/fault-point.ts';
import type { Controller, PassContext, Step, StepReport } from '../ledger/controller.ts';
import { type Folds, findFolds } from './find-folds.ts';
import { deleteCells, fold } from './fold.ts';
import { openQueue, type Queue } from './queue.ts';
import { repairCells } from './repair-cells.ts';
import { expire } from './slot-machine.ts';
import { writeClaims } from './write-claim.ts';

/** Gives abandoned claims back, folds ended cells into the history, and clears away what nobody needs. */
export const queueController: Controller = {
  name: 'queue',
  plan: async (context) => {
    const queue = openQueue(context.workspace);
    const folds = await findFolds(queue);
    for (const bad of folds.sight.work.bad) warnOnce(context, bad);
    return [
      ...when(folds.unreadable.length, 'mend', 'cells that hold no claim', () => mend(queue, folds)),
      ...when(folds.expired.length, 'give back', 'claims whose lease ran out', () => giveBack(queue, folds)),
      ...when(
        folds.ended.length + folds.withdrawn.length + folds.givenUp.length,
        'fold',
        'slots into the history',
        () => foldAll(queue, context, folds),
      ),
      ...when(folds.leftover.length, 'clear', 'cells without a slot', () => clear(queue, folds)),
    ];
  },
};

function when(count: number, verb: string, what: string, apply: () => Promise<StepReport>): Step[] {
  const summary = `${verb} ${count} ${count === 1 ? what.replace(/^(\w+?)s\b/, '$1') : what}`;
  return count === 0 ? [] : [{ controller: 'queue', summary, changes: true, apply }];
}

function warnOnce({ workspace }: PassContext, problem: string): void {
  const words = `${problem}; the file stays where it is, and nobody can claim it`;
  if (!workspace.warnings.includes(words)) workspace.warnings.push(words);
}

async function giveBack(queue: Queue, { expired }: Folds): Promise<StepReport> {
  const writes = expired.map(({ claim, commit, judgedBy }) => ({
    expected: commit,
    next: expire(claim, queue.stamp(), { commit, judgedBy }),
  }));
  const verdicts = await writeClaims(queue, writes, 'claim');
  await faultPoint('queue:given-back');
  return { changed: verdicts.some(({ result }) => result === 'swapped') };
}

async function foldAll(queue: Queue, context: PassContext, folds: Folds): Promise<StepReport> {
  await fold(queue, context, folds);
  await faultPoint('queue:cells-deleted');
  return { changed: true };
}

async function clear(queue: Queue, { leftover }: Folds): Promise<StepReport> {
  await deleteCells(queue, leftover);
  return { changed: leftover.length > 0 };
}

async function mend(queue: Queue, { unreadable }: Folds): Promise<StepReport> {
  await repairCells(queue, unreadable);
  return { changed: true };
}
