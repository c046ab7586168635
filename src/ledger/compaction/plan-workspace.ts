import { kindNames } from '../../contracts/kinds.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import type { Workspace } from '../workspace.ts';
import { listSizedSegments } from './list-sized-segments.ts';
import { type CompactionPlan, planCompaction } from './plan-compaction.ts';

export interface CompactionScope {
  /** Only this kind. */
  readonly kind?: string;
  /** `yyyy-mm`: only months before this one. */
  readonly before?: string;
}

/** The plan for what a snapshot shows, by the clock and the settings of the workspace. */
export async function planWorkspace(
  workspace: Workspace,
  snapshot: Snapshot,
  { kind, before }: CompactionScope,
): Promise<CompactionPlan> {
  const kinds = kind === undefined ? kindNames() : [kind];
  return planCompaction(await listSizedSegments(snapshot, kinds), {
    currentMonth: workspace.clock.now().toISOString().slice(0, 7),
    mostBytes: workspace.settings.limits.compacted_segment_bytes,
    ...(before === undefined ? {} : { before }),
  });
}
