import { hasCode } from '../contracts/millwright-error.ts';
import type { Claim, SlotResult } from '../contracts/work.ts';
import { readClaimNote } from './claim-notes.ts';
import { findOwnClaim, type OwnClaim } from './find-own-claim.ts';
import type { Held } from './held.ts';
import { completeHeld, type HoldAnswer } from './hold.ts';
import { keepLateResult } from './keep-late.ts';
import type { Queue } from './queue.ts';
import { readLifecycle } from './read-lifecycle.ts';

export interface Completed {
  readonly held: Held;
  readonly answer: HoldAnswer;
}

/**
 * Completes the caller's own claim. When that was lost, the result is kept under `queue/rejected/claim` and counts
 * for nothing. Throws what `findOwnClaim` throws, `taken` among it.
 */
export async function completeOwn(queue: Queue, own: OwnClaim, result: SlotResult): Promise<Completed> {
  try {
    const held = await findOwnClaim(queue, own);
    const answer = await completeHeld(queue, held, result);
    if (answer.result === 'lost') await keepLateResult(queue, held.claim, result);
    return { held, answer };
  } catch (error) {
    const claim = hasCode(error, 'taken') ? await formerClaim(queue, own) : undefined;
    if (claim !== undefined) await keepLateResult(queue, claim, result);
    throw error;
  }
}

/** The claim that the caller once had, as the cell still tells it. */
async function formerClaim(queue: Queue, own: OwnClaim): Promise<Claim | undefined> {
  const tip = (await queue.view.look()).cells.get(own.slotId);
  if (tip === undefined) return undefined;
  const note = await readClaimNote(queue.workspace, own.slotId);
  const isOwn = ({ worker_id, token, nonce, state }: Claim) =>
    state === 'claimed' &&
    (own.worker === undefined
      ? nonce === note?.nonce
      : worker_id === own.worker && (own.token ?? token) === token);
  const life = await readLifecycle(queue.workspace.store, own.slotId, tip);
  return life.map(({ claim }) => claim).findLast(isOwn);
}
