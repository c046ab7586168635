import type { Claim } from '../contracts/work.ts';
import type { PushPriority } from '../git/push-budget.ts';
import type { Oid } from '../git/repository.ts';
import type { CellSwap, SwapVerdict } from '../git/swap-cells.ts';
import { claimPath, SLOT_SPACE } from './paths.ts';
import type { Queue } from './queue.ts';

/** One claim to write over what the cell is known to hold. */
export interface ClaimWrite {
  readonly expected: Oid | null;
  readonly next: Claim;
}

/** Writes claims, all in one push. What was written is known from then on. */
export async function writeClaims(
  { workspace, view }: Queue,
  writes: readonly ClaimWrite[],
  priority: PushPriority,
): Promise<SwapVerdict[]> {
  const verdicts = await workspace.cells.trySwap(writes.map(toSwap), priority);
  for (const [at, { next }] of writes.entries()) {
    const verdict = verdicts[at];
    if (verdict?.result === 'swapped' && verdict.commit !== null) view.claims.learn(verdict.commit, next);
  }
  return verdicts;
}

function toSwap({ expected, next }: ClaimWrite): CellSwap {
  const { slot_id: id, state, token, worker_id: worker } = next;
  const subject = `${titles[state]} ${id} (${token}, ${worker})`;
  return {
    space: SLOT_SPACE,
    id,
    expected,
    next: { path: claimPath(id), content: `${JSON.stringify(next)}\n`, subject },
  };
}

const titles: Readonly<Record<Claim['state'], string>> = {
  claimed: 'Claim',
  released: 'Release',
  shipped: 'Ship',
  failed: 'Fail',
  dead: 'Give up',
  cancelled: 'Cancel',
};
