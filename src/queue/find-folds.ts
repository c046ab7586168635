import type { Claim } from '../contracts/work.ts';
import type { Oid } from '../git/repository.ts';
import { judge } from './claimable.ts';
import type { Queue } from './queue.ts';
import type { QueueSight } from './queue-view.ts';
import { isEnd } from './slot-machine.ts';

/** A cell as a pass finds it. */
export interface FoundCell {
  readonly slotId: string;
  readonly commit: Oid;
  /** null: what lies there is no claim. */
  readonly claim: Claim | null;
}

/** What a pass has to do about the cells, and about slots that are to leave without one. */
export interface Folds {
  readonly sight: QueueSight;
  readonly ended: readonly FoundCell[];
  /** Claims that ran out, with the rule that says so. */
  readonly expired: readonly (FoundCell & { readonly claim: Claim; readonly judgedBy: string })[];
  /** Slots of cancelled items that nobody holds; the cell, if there is one, says `released`. */
  readonly withdrawn: readonly { readonly slotId: string; readonly cell: FoundCell | undefined }[];
  /** Cancelled items of which only dead slots are left. */
  readonly givenUp: readonly string[];
  /** Cells that nobody holds and whose slot is not in the queue: nothing will ever claim them. */
  readonly leftover: readonly FoundCell[];
  /** Cells of the queue that hold no claim. */
  readonly unreadable: readonly FoundCell[];
}

/** Looks at every cell. A pass is stateless: it judges leases by the server's clock, or with a margin. */
export async function findFolds(queue: Queue): Promise<Folds> {
  const sight = await queue.view.look();
  const cells = await readEveryCell(queue, sight);
  const { slots, items } = sight.work;
  const cancelled = (slotId: string) => items.get(slots.get(slotId)?.item_id ?? '')?.cancelled !== undefined;
  const byState = (wanted: (claim: Claim) => boolean) =>
    cells.filter(({ claim }) => claim !== null && wanted(claim));
  const idle = byState(({ state }) => state === 'released');
  const withCell = new Map(cells.map((cell) => [cell.slotId, cell]));
  return {
    sight,
    ended: byState(({ state }) => isEnd(state)),
    expired: cells.flatMap((cell) => {
      const judgedBy = cell.claim === null ? undefined : judge(queue, cell.claim, cell.commit, false);
      return cell.claim === null || judgedBy === undefined ? [] : [{ ...cell, claim: cell.claim, judgedBy }];
    }),
    withdrawn: [...slots.keys()]
      .filter((id) => cancelled(id) && (withCell.get(id)?.claim?.state ?? 'released') === 'released')
      .map((slotId) => ({ slotId, cell: withCell.get(slotId) })),
    givenUp: [...items.values()].flatMap(({ item_id, cancelled: by, slots: ids, ended }) =>
      by !== undefined && ids.every((id) => ended[id] !== undefined || sight.work.dead.has(id))
        ? [item_id]
        : [],
    ),
    leftover: [...idle, ...cells.filter(({ claim }) => claim === null)].filter(
      ({ slotId }) => !slots.has(slotId),
    ),
    unreadable: cells.filter(({ slotId, claim }) => claim === null && slots.has(slotId)),
  };
}

async function readEveryCell({ view }: Queue, { cells }: QueueSight): Promise<FoundCell[]> {
  const read = await view.claims.read(cells);
  return [...read].map(([slotId, found]) => ({ slotId, ...found }));
}
