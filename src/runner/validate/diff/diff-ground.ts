import type { Settings } from '../../../contracts/settings.ts';
import type { FileChange } from '../../../git/file-changes.ts';
import type { ObjectStore } from '../../../git/object-store.ts';
import type { Snapshot } from '../../../git/snapshot.ts';
import type { Places } from '../find-places.ts';
import type { DiffRange } from './find-base.ts';
import type { Commit } from './read-commits.ts';

/** What the checks of a change look at. */
export interface DiffGround {
  readonly root: string;
  readonly store: ObjectStore;
  readonly range: DiffRange;
  /** Of the base branch: a change does not choose the rules that it is held against. */
  readonly settings: Settings;
  readonly places: Places;
  readonly atBase: Snapshot;
  readonly atFork: Snapshot;
  readonly atHead: Snapshot;
  /** What arrives in the end, from the fork to HEAD. */
  readonly changes: readonly FileChange[];
  /** What HEAD brings, newest first. */
  readonly commits: readonly Commit[];
  /** True for a commit that Millwright wrote to its ledger. */
  isLedger(commit: Commit): boolean;
  /** True when the change comes from outside, and vouches for nothing by itself. */
  readonly fork: boolean;
}
