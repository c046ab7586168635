import { kinds } from '../contracts/kinds.ts';
import type { AnalysisRun, Pass } from '../contracts/pass.ts';
import { countUses } from '../feedback/auto-apply/count-uses.ts';
import { readUses } from '../feedback/auto-apply/read-uses.ts';
import { readAlerts } from '../feedback/effects/read-alerts.ts';
import { modelStanding } from '../feedback/explain/model-standing.ts';
import { readExplanations } from '../feedback/explain/read-explanations.ts';
import { readFeedbackState } from '../feedback/feedback-state.ts';
import { type RecommendationStatus, recommendationStatuses } from '../feedback/recommendation-status.ts';
import { readSignals } from '../feedback/signals/read-signals.ts';
import type { PushMeter } from '../git/push-budget.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { PassContext } from '../ledger/controller.ts';
import { PERSONAS, REJECTED } from '../ledger/paths.ts';
import { readLast } from '../ledger/read-entries.ts';
import { countInbox } from '../ledger/read-inbox.ts';
import { readRoster } from '../personas/read-persona.ts';
import { listQueue, type SlotRow } from '../queue/list-queue.ts';
import { openQueue } from '../queue/queue.ts';
import { type ProposalsRead, readProposals } from './read-proposals.ts';
import { readSchedules, type ScheduleStanding } from './schedules/read-schedules.ts';
import { steadyWorkspace } from './steady-workspace.ts';
import { type Wait, whatWaits } from './what-waits.ts';

export interface Status extends ProposalsRead {
  readonly workspace: string;
  readonly ledger: { readonly branch: string; readonly commit: string | null };
  readonly remote: string | null;
  readonly records: Readonly<Record<string, number>>;
  readonly inbox: number;
  readonly rejected: number;
  /** Slots in the queue, by how they stand. */
  readonly queue: Readonly<Partial<Record<SlotRow['state'], number>>>;
  readonly recommendations: Readonly<Partial<Record<RecommendationStatus, number>>>;
  /** Research signals that nobody has looked at. */
  readonly signals: number;
  /** Merged patches that look harmful, by id. */
  readonly alerts: readonly string[];
  readonly schedules: readonly ScheduleStanding[];
  /** Patches that were merged without a person. */
  readonly auto_apply: { readonly last_24_h: number; readonly total: number };
  readonly last_pass: { readonly at: string; readonly duration_ms: number } | null;
  readonly last_analysis: { readonly at: string; readonly findings: number } | null;
  readonly pushes: PushMeter;
  readonly bad_personas: readonly string[];
  readonly waits: readonly Wait[];
}

export interface StatusOptions {
  /** True: keys and attempts of this machine are no part of what waits, for a text that every machine writes alike. */
  readonly anywhere?: boolean;
  /** Known already, as after a pass: the forge is not asked again. */
  readonly proposals?: ProposalsRead;
}

/** How things stand, from the ledger and the base branch as they are now. Needs no DuckDB. */
export async function readStatus(outer: PassContext, options: StatusOptions = {}): Promise<Status> {
  const { workspace } = steadyWorkspace(outer.workspace);
  const context = { ...outer, workspace };
  const { commit, snapshot } = await workspace.log.tip();
  const state = await readFeedbackState(workspace);
  const [lastPass] = await readLast<Pass>(snapshot, 'pass', 1);
  const [lastAnalysis] = await readLast<AnalysisRun>(snapshot, 'analysis_run', 1);
  const statuses = recommendationStatuses(state, await readExplanations(workspace));
  const waiting = [...statuses].flatMap(([id, standing]) => (standing === 'waiting' ? [id] : []));
  const { slots: queue } = await listQueue(openQueue(workspace), {});
  const facts = {
    inbox: await countInbox(workspace),
    rejected: await countRejected(snapshot),
    recommendations: tally([...statuses.values()]),
    signals: (await readSignals(workspace)).waiting.length,
    alerts: await readAlerts(snapshot, state),
    schedules: await readSchedules(workspace, snapshot),
    ...(options.proposals ?? (await readProposals(context))),
    bad_personas: await badPersonas(context),
    dead: queue.filter(({ state: standing }) => standing === 'dead').length,
  };
  return {
    workspace: workspace.root,
    ledger: { branch: workspace.settings.ledger_branch, commit },
    remote: workspace.remote === undefined ? null : workspace.refs.name,
    records: await countRecords(context, snapshot),
    ...facts,
    auto_apply: countUses(await readUses(snapshot), workspace.clock.now()),
    queue: tally(queue.map(({ state: standing }) => standing)),
    last_pass: lastPass === undefined ? null : { at: lastPass.started_at, duration_ms: lastPass.duration_ms },
    last_analysis:
      lastAnalysis === undefined ? null : { at: lastAnalysis.recorded_at, findings: lastAnalysis.findings },
    pushes: await workspace.budget.meter(),
    waits: whatWaits({ ...facts, model: await modelStanding(workspace, waiting, options) }),
  };
}

/** Of the whole roster: one that no record names is just as wrong. */
async function badPersonas({ workspace }: PassContext): Promise<string[]> {
  const roster = await readRoster((await workspace.base.tip()).snapshot, PERSONAS);
  return roster.flatMap((read) => (read.ok ? [] : [read.path]));
}

async function countRecords(context: PassContext, snapshot: Snapshot): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of kinds) counts[kind.name] = await context.index.count(snapshot, kind.name);
  return counts;
}

async function countRejected(snapshot: Snapshot): Promise<number> {
  let count = 0;
  for await (const { entry } of snapshot.walk(REJECTED)) count += entry.name.endsWith('.error.md') ? 1 : 0;
  return count;
}

function tally<Key extends string>(values: readonly Key[]): Partial<Record<Key, number>> {
  const counts: Partial<Record<Key, number>> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
