import type { Claim } from '../contracts/work.ts';
import type { ObjectStore } from '../git/object-store.ts';
import type { Oid } from '../git/repository.ts';
import { Snapshot } from '../git/snapshot.ts';
import { claimPath } from './paths.ts';
import { parseClaim } from './read-claims.ts';

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
    const { body } = await store.existing(commit);
    const header = body.toString('latin1', 0, 200);
    const claim = await claimIn(store, slotId, /^tree ([0-9a-f]{40})/.exec(header)?.[1]);
    if (claim?.slot_id === slotId) steps.push({ commit, claim });
    commit = /\nparent ([0-9a-f]{40})\n/.exec(header)?.[1];
  }
  return steps.reverse();
}

async function claimIn(store: ObjectStore, slotId: string, tree: Oid | undefined): Promise<Claim | null> {
  if (tree === undefined) return null;
  const content = await new Snapshot(store, tree).bytes(claimPath(slotId));
  return content === undefined ? null : parseClaim(content);
}
