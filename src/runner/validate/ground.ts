import type { Clock } from '../../contracts/clock.ts';
import type { FieldPath } from '../../contracts/parsed.ts';
import type { Settings } from '../../contracts/settings.ts';
import type { ObjectStore } from '../../git/object-store.ts';
import type { Snapshot } from '../../git/snapshot.ts';

/** What the checks of the tree look at: the checkout as it lies on the disk. */
export interface Ground {
  readonly root: string;
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Of the checkout's `millwright.yaml`; the defaults where that cannot be read. */
  readonly settings: Settings;
  settingLine(path: FieldPath): number | undefined;
  /** Tracked and untracked files that git does not ignore. */
  readonly files: readonly string[];
  /** Personas and prompts as they lie on the disk, committed or not. */
  readonly snapshot: Snapshot;
}
