import type { FoundCell } from './find-folds.ts';
import { deleteCells } from './fold.ts';
import type { Queue } from './queue.ts';
import { readLifecycle } from './read-lifecycle.ts';
import { writeClaims } from './write-claim.ts';

/**
 * Cells in which something lies that is no claim. The last claim below it is put back on top, so that the
 * tokens go on growing; where there is none the cell is emptied. What lay there stays in the cell's history
 * as long as the cell lives.
 */
export async function repairCells(queue: Queue, cells: readonly FoundCell[]): Promise<void> {
  const lives = await Promise.all(
    cells.map(async (cell) => ({
      cell,
      last: (await readLifecycle(queue.workspace.store, cell.slotId, cell.commit)).at(-1)?.claim,
    })),
  );
  const writes = lives.flatMap(({ cell, last }) =>
    last === undefined ? [] : [{ expected: cell.commit, next: last }],
  );
  if (writes.length > 0) await writeClaims(queue, writes, 'claim');
  await deleteCells(
    queue,
    lives.filter(({ last }) => last === undefined).map(({ cell }) => cell),
  );
}
