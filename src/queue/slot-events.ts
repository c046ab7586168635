import { derivedId } from '../contracts/ids.ts';
import type { Contract } from '../contracts/record.ts';
import { type SlotEvent, slotEvent } from '../contracts/slot-event.ts';
import type { Claim } from '../contracts/work.ts';
import type { LifeStep } from './read-lifecycle.ts';

/**
 * The life of a slot as records, oldest first. All renewals of a claim are one event that counts them. Pure; the
 * same steps give the same ids, so that folding twice records once.
 * @param since the token that the slot's life starts from: claims up to it belong to a life that was told before
 */
export function slotEvents(steps: readonly LifeStep[], since: number): Contract[] {
  const life = steps.filter(({ claim }) => claim.token > since);
  return life.flatMap((step, at) => {
    const said = eventsOf(step, life[at - 1]?.claim, life[at + 1]?.claim);
    return said.filter(({ token }) => token > since).map((one) => slotEventOf(step.claim, one));
  });
}

type Said = Pick<SlotEvent, 'event' | 'token' | 'worker_id' | 'at'> & Partial<SlotEvent>;

/** An event of a slot. Its id comes from what it says, so that saying it twice records it once. */
export function slotEventOf({ slot_id, item_id }: Pick<Claim, 'slot_id' | 'item_id'>, said: Said): Contract {
  const parts = [slot_id, String(said.token), said.event, said.commit ?? said.at];
  const id = derivedId(new Date(said.at), ['slot_event', ...parts]);
  const fields = { slot_event_id: id, slot_id, item_id, ...said };
  return { id, kind: slotEvent, source: 'queue', fields };
}

function eventsOf(step: LifeStep, before: Claim | undefined, after: Claim | undefined): Said[] {
  const { claim } = step;
  const ranOut = claim.expired === undefined ? [] : [expiredBy(step, claim.expired)];
  if (isRepeated(claim, before)) return [];
  if (isRenewal(claim, before)) return isRenewal(after, claim) ? [] : [saying(step, 'renewed')];
  const event = claim.state === 'released' && claim.expired !== undefined ? undefined : claim.state;
  return event === undefined ? ranOut : [...ranOut, saying(step, event)];
}

/** What was put back on top of something that was no claim says nothing new. */
function isRepeated(claim: Claim, before: Claim | undefined): boolean {
  return claim.state !== 'claimed' && claim.state === before?.state && claim.nonce === before.nonce;
}

function isRenewal(claim: Claim | undefined, before: Claim | undefined): boolean {
  return claim?.state === 'claimed' && before?.state === 'claimed' && claim.nonce === before.nonce;
}

function saying({ claim, commit }: LifeStep, event: SlotEvent['event']): Said {
  const { token, worker_id, renewed_at: at, renewals, reason } = claim;
  return {
    event,
    token,
    worker_id,
    at,
    commit,
    ...(event === 'renewed' ? { renewals } : {}),
    ...(reason === undefined || event === 'claimed' ? {} : { reason }),
  };
}

function expiredBy({ claim, commit }: LifeStep, expired: NonNullable<Claim['expired']>): Said {
  const { token, worker_id, judged_by: reason } = expired;
  return { event: 'expired', token, worker_id, at: claim.renewed_at, commit, reason };
}
