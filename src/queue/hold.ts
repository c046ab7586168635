import type { Claim, SlotResult } from '../contracts/work.ts';
import type { PushPriority } from '../git/push-budget.ts';
import type { Oid } from '../git/repository.ts';
import type { SwapVerdict } from '../git/swap-cells.ts';
import { type Held, heldFrom } from './held.ts';
import type { Queue } from './queue.ts';
import { type HeldNow, readHeldNow } from './read-held-now.ts';
import { cancel, complete, release, renew } from './slot-machine.ts';
import { writeClaims } from './write-claim.ts';

/**
 * What became of a claim that its holder has changed. `lost`: it ran out or was given to another, so whatever
 * the holder has done counts for nothing; `by` is the claim that is there now. `unknown`: no answer; the holder
 * tries again while its lease lasts.
 */
export type HoldAnswer =
  | { readonly result: 'held'; readonly held: Held }
  | { readonly result: 'ended'; readonly claim: Claim; readonly commit: Oid }
  | { readonly result: 'lost'; readonly by: Claim | null }
  | { readonly result: 'unknown'; readonly error: unknown };

/** Renews claims, all in one push. */
export function renewHeld(queue: Queue, held: readonly Held[]): Promise<HoldAnswer[]> {
  return change(queue, held, (claim) => renew(claim, queue.stamp()), 'heartbeat');
}

/** @param broke true: the attempt counts as failed, and one too many makes the slot dead */
export async function releaseHeld(
  queue: Queue,
  held: Held,
  reason: string,
  broke: boolean,
): Promise<HoldAnswer> {
  return changeOne(queue, held, (claim) => release(claim, queue.stamp(), reason, broke));
}

export async function completeHeld(queue: Queue, held: Held, result: SlotResult): Promise<HoldAnswer> {
  return changeOne(queue, held, (claim) => complete(claim, queue.stamp(), result));
}

export async function cancelHeld(queue: Queue, held: Held, reason: string): Promise<HoldAnswer> {
  return changeOne(queue, held, (claim) => cancel(claim, queue.stamp(), reason));
}

async function changeOne(queue: Queue, held: Held, step: (claim: Claim) => Claim): Promise<HoldAnswer> {
  const [answer] = await change(queue, [held], step, 'result');
  return answer ?? { result: 'unknown', error: undefined };
}

async function change(
  queue: Queue,
  held: readonly Held[],
  step: (claim: Claim) => Claim,
  priority: PushPriority,
): Promise<HoldAnswer[]> {
  const since = queue.workspace.clock.monotonicMs();
  const next = held.map(({ claim }) => step(claim));
  const writes = held.map(({ commit }, at) => ({ expected: commit, next: next[at] as Claim }));
  const verdicts = await writeClaims(queue, writes, priority);
  const lost = held.filter((_, at) => verdicts[at]?.result === 'taken');
  const now = await readHeldNow(queue, lost).catch((error: unknown) => ({ error }));
  return held.map((one, at) => {
    const written = next[at] as Claim;
    const verdict = verdicts[at];
    if (verdict?.result !== 'taken') return toAnswer(one, written, verdict, since);
    if ('error' in now) return { result: 'unknown', error: now.error };
    return whatIsThere(one, written, now.get(one.slot.slot_id), since);
  });
}

function toAnswer(
  { slot }: Held,
  written: Claim,
  verdict: SwapVerdict | undefined,
  since: number,
): HoldAnswer {
  if (verdict?.result !== 'swapped' || verdict.commit === null)
    return { result: 'unknown', error: verdict?.result === 'failed' ? verdict.error : undefined };
  return written.state === 'claimed'
    ? { result: 'held', held: heldFrom(slot, written, verdict.commit, since) }
    : { result: 'ended', claim: written, commit: verdict.commit };
}

/** Under our own nonce it is an earlier write of ours, whose answer got lost. */
function whatIsThere(
  { slot, untilMs, claim }: Held,
  written: Claim,
  there: HeldNow | undefined,
  since: number,
): HoldAnswer {
  const now = there?.claim ?? null;
  if (there === undefined || now === null || now.nonce !== claim.nonce) return { result: 'lost', by: now };
  if (now.state === 'claimed') {
    const held = heldFrom(slot, now, there.commit, since);
    // When the earlier renewal left is not known, only that it was ours: the old bound stays.
    return { result: 'held', held: { ...held, untilMs } };
  }
  return now.state === written.state
    ? { result: 'ended', claim: now, commit: there.commit }
    : { result: 'lost', by: now };
}
