import type { BadLine } from '../segments.ts';
import type { Workspace } from '../workspace.ts';
import { type MonthReport, monthReport } from './month-report.ts';
import type { MonthPlan } from './plan-compaction.ts';
import { type CompactionScope, planWorkspace } from './plan-workspace.ts';
import { readMonth } from './read-month.ts';

export interface CompactionReport {
  readonly plan_id: string;
  readonly months: readonly MonthReport[];
}

export interface CompactionRun {
  /** Aborted: stops between two months, with an AbortError. */
  readonly signal?: AbortSignal;
  /** Called before each month. */
  onMonth?(plan: MonthPlan, at: number, of: number): void;
  /** Told where each line stands that is no record: for a plan now, else after the compaction. */
  onBadLine?(bad: BadLine): void;
}

/** What a compaction would do, with the digests that it would have to keep. Changes nothing. */
export async function previewCompaction(
  workspace: Workspace,
  scope: CompactionScope = {},
  run: CompactionRun = {},
): Promise<CompactionReport> {
  const { snapshot } = await workspace.log.tip();
  const plan = await planWorkspace(workspace, snapshot, scope);
  const months: MonthReport[] = [];
  for (const [at, month] of plan.months.entries()) {
    run.signal?.throwIfAborted();
    run.onMonth?.(month, at + 1, plan.months.length);
    const content = await readMonth(snapshot, month);
    months.push(monthReport(month, content));
    for (const bad of content.bad) run.onBadLine?.(bad);
  }
  return { plan_id: plan.id, months };
}
