import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Claim } from '../contracts/work.ts';

/** Somebody else holds the slot, or nobody does any more. Exit code 11; HTTP 409. */
export function taken(slotId: string, by: Claim | null): MillwrightError {
  return new MillwrightError('taken', `${slotId} ${howItStands(by)}`, {
    hint: 'claim another slot; what this worker has done on it counts for nothing',
    data: {
      slot_id: slotId,
      state: by?.state ?? 'pending',
      ...(by === null ? {} : { worker_id: by.worker_id, token: by.token, renewed_at: by.renewed_at }),
    },
  });
}

function howItStands(by: Claim | null): string {
  if (by === null) return 'is not claimed by anybody';
  const who = `${by.worker_id}, token ${by.token}`;
  switch (by.state) {
    case 'claimed':
      return `is held by ${who}, since ${by.claimed_at}, renewed at ${by.renewed_at}`;
    case 'released':
      return `was given back by ${who}: ${by.reason ?? 'no reason given'}`;
    default:
      return `has ended as ${by.state} under ${who}`;
  }
}
