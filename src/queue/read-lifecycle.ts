import type { Claim } from '../contracts/work.ts';
import type { ObjectStore } from '../git/object-store.ts';
import type { Oid } from '../git/repository.ts';
import { claimAt } from './read-claims.ts';

/** One commit of a cell, and what it says. */
export interface LifeStep {
  readonly commit: Oid;
  readonly claim: Claim;
}

/** More commits than any cell has: a renewal every second for a day. */
const LONGEST = 100_000;

/**
 * What a cell has said so far, oldest first. Commits that hold no claim of this slot are left out: whoever
 * made them, they say nothing.
 */
export async function readLifecycle(store: ObjectStore, slotId: string, tip: Oid): Promise<LifeStep[]> {
  const steps: LifeStep[] = [];
  let commit: Oid | undefined = tip;
  for (let read = 0; commit !== undefined && read < LONGEST; read += 1) {
    const claim = await claimAt(store, slotId, commit);
    if (claim?.slot_id === slotId) steps.push({ commit, claim });
    const { body } = await store.existing(commit);
    commit = /\nparent ([0-9a-f]{40})\n/.exec(body.toString('latin1', 0, 200))?.[1];
  }
  return steps.reverse();
}
