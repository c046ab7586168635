import { faultPoint } from '../../contracts/fault-point.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import type { Workspace } from '../workspace.ts';
import { type MergedMonth, mergeMonth } from './merge-month.ts';
import { type MonthReport, monthReport } from './month-report.ts';
import type { MonthPlan } from './plan-compaction.ts';
import { type CompactionScope, planWorkspace } from './plan-workspace.ts';
import type { CompactionReport, CompactionRun } from './preview-compaction.ts';

export interface ApplyOptions extends CompactionRun {
  /** Does only what the plan with this id says. */
  readonly planId?: string;
}

/**
 * Merges the segments of closed months, a month a commit. Each month is planned again on the snapshot that its
 * commit builds on, so late records of other writers are merged, too; a month that has nothing left to do is passed over.
 * Throws `plan-changed` when the plan is not, or no longer, the one that was asked for.
 */
export async function applyCompaction(
  workspace: Workspace,
  scope: CompactionScope = {},
  options: ApplyOptions = {},
): Promise<CompactionReport> {
  const { snapshot } = await workspace.log.tip();
  const plan = await planWorkspace(workspace, snapshot, scope);
  if (options.planId !== undefined && options.planId !== plan.id) throw planChanged(options.planId, plan.id);
  const months: MonthReport[] = [];
  for (const [at, month] of plan.months.entries()) {
    options.signal?.throwIfAborted();
    options.onMonth?.(month, at + 1, plan.months.length);
    const report = await compactMonth(workspace, scope, month, options);
    if (report !== undefined) months.push(report);
  }
  return { plan_id: plan.id, months };
}

interface Merge {
  readonly plan: MonthPlan;
  readonly merged: MergedMonth;
}

async function compactMonth(
  workspace: Workspace,
  scope: CompactionScope,
  planned: MonthPlan,
  { planId, onBadLine }: ApplyOptions,
): Promise<MonthReport | undefined> {
  const { kind, month } = planned;
  let last: Merge | undefined;
  const decide = async (snapshot: Snapshot) => {
    const { months } = await planWorkspace(workspace, snapshot, { ...scope, kind });
    const plan = months.find((one) => one.month === month);
    if (planId !== undefined && plan?.key !== planned.key) throw planChanged(planId, undefined, planned);
    if (plan === undefined) return { edits: [], value: undefined };
    // After a lost race most months are as they were: what was merged and proved is not merged again.
    if (last?.plan.key !== plan.key)
      last = { plan, merged: await mergeMonth(workspace.store, snapshot, plan) };
    await faultPoint('compact:month-merged');
    return { edits: last.merged.edits, value: last };
  };
  const done = await workspace.log.transact({ subject: subjectOf(planned) }, decide);
  await faultPoint('compact:month-published');
  if (done.value === undefined) return undefined;
  const { plan, merged } = done.value;
  for (const bad of merged.bad) onBadLine?.(bad);
  return monthReport(plan, merged.content, done.commit);
}

function subjectOf({ kind, month, groups }: MonthPlan): string {
  return `Compact ${kind} ${month}: ${groups.flat().length} segments into ${groups.length}`;
}

function planChanged(planId: string, found: string | undefined, at?: MonthPlan): MillwrightError {
  const what =
    at === undefined
      ? `plan ${planId} does not fit the history as it is now`
      : `${at.kind} ${at.month} has changed since plan ${planId} was made; the months before it are done`;
  return new MillwrightError('plan-changed', what, {
    hint: 'millwright compact --plan shows what there is to do now',
    data: { expected: planId, ...(found === undefined ? {} : { found }) },
  });
}
