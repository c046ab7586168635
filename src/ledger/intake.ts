import { faultPoint } from '../contracts/fault-point.ts';
import { describeIssue } from '../contracts/issue.ts';
import type { Oid } from '../git/repository.ts';
import { consumeFile, unstage } from './consume-files.ts';
import type { InboxFile } from './inbox-file.ts';
import { judgeFile } from './judge-file.ts';
import { INBOX_SPACE, listCells, listCommitted, listWorkTree } from './list-inbox.ts';
import { type IntakePlan, type Judged, planIntake } from './plan-intake.ts';
import type { RecordIndex } from './record-index.ts';
import type { Workspace } from './workspace.ts';

/** What intake did, or would do. */
export interface IntakeReport {
  /** New records, by kind. */
  accepted: Record<string, number>;
  /** Contracts that the history had already. */
  unchanged: number;
  rejected: { path: string; to: string; problem: string }[];
  /** Files that are still being written and wait for the next round. */
  settling: number;
  commits: Oid[];
}

/** A file younger than this that does not parse may still be under somebody's pen. Milliseconds. */
export const SETTLE_MS = 1_000;
const BATCH_FILES = 2_500;
const BATCH_BYTES = 32_000_000;

/** Takes everything out of the inbox: into the history, or to `queue/rejected`. One commit a batch. */
export async function takeIn(workspace: Workspace, index: RecordIndex): Promise<IntakeReport> {
  const report = emptyReport();
  for (const files of batches(await listInbox(workspace))) {
    const judged = await judgeBatch(workspace, files, report);
    if (judged.length === 0) continue;
    const done = await workspace.log.transact(
      { subject: `Take in ${judged.length} ${judged.length === 1 ? 'contract' : 'contracts'}` },
      async (snapshot) => {
        const plan = await planIntake(snapshot, workspace.store, judged, recordingOptions(workspace, index));
        return { edits: plan.edits, value: plan };
      },
    );
    await faultPoint('intake:recorded');
    await clearSources(workspace, judged, done.value);
    addToReport(report, done.value);
    if (done.commit !== null) report.commits.push(done.commit);
  }
  return report;
}

/** What `takeIn` would do, without doing it. */
export async function previewIntake(workspace: Workspace, index: RecordIndex): Promise<IntakeReport> {
  const report = emptyReport();
  const { snapshot } = await workspace.log.tip();
  for (const files of batches(await listInbox(workspace))) {
    const judged = await judgeBatch(workspace, files, report);
    addToReport(
      report,
      await planIntake(snapshot, workspace.store, judged, recordingOptions(workspace, index)),
    );
  }
  return report;
}

/** How many files wait, wherever they lie. */
export async function inboxSize(workspace: Workspace): Promise<number> {
  return (await listInbox(workspace)).length;
}

async function listInbox(workspace: Workspace): Promise<InboxFile[]> {
  const { snapshot } = await workspace.log.tip();
  const committed = await listCommitted(snapshot, workspace.store);
  const limit = workspace.settings.limits.contract_bytes;
  const uncommitted = workspace.repository.bare
    ? []
    : await listWorkTree(workspace.root, workspace.clock, limit, committed);
  return [...committed, ...uncommitted, ...(await listCells(workspace.cells))];
}

function* batches(files: readonly InboxFile[]): Generator<InboxFile[]> {
  let batch: InboxFile[] = [];
  let bytes = 0;
  for (const file of files) {
    if (batch.length >= BATCH_FILES || (batch.length > 0 && bytes + file.bytes > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += file.bytes;
  }
  if (batch.length > 0) yield batch;
}

async function judgeBatch(
  workspace: Workspace,
  files: readonly InboxFile[],
  report: IntakeReport,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const file of files) {
    const judgement = await judgeFile(file, workspace.settings.limits.contract_bytes);
    const young = file.ageMs !== undefined && Math.abs(file.ageMs) < SETTLE_MS;
    if (!judgement.ok && young) report.settling += 1;
    else judged.push({ file, judgement });
  }
  return judged;
}

function recordingOptions(workspace: Workspace, index: RecordIndex) {
  return { index, recordedAt: workspace.clock.now(), segmentBytes: workspace.settings.limits.segment_bytes };
}

/** Files of the work tree and cells leave after the commit: what dies here is seen again and found recorded. */
async function clearSources(
  workspace: Workspace,
  judged: readonly Judged[],
  plan: IntakePlan,
): Promise<void> {
  const staysLocal = new Map(
    plan.rejected.filter(({ local }) => local).map(({ file, path }) => [file, path]),
  );
  const loose = judged.map(({ file }) => file).filter(({ place }) => place === 'work-tree');
  for (const file of loose) await consumeFile(workspace.root, file, staysLocal.get(file));
  await unstage(workspace.root, loose);
  await faultPoint('intake:files-consumed');
  const cells = judged.flatMap(({ file }) => (file.cell === undefined ? [] : [file.cell]));
  if (cells.length === 0) return;
  const deletions = cells.map(({ id, commit }) => ({ space: INBOX_SPACE, id, expected: commit, next: null }));
  await workspace.cells.swap(deletions, 'intake');
}

function emptyReport(): IntakeReport {
  return { accepted: {}, unchanged: 0, rejected: [], settling: 0, commits: [] };
}

function addToReport(report: IntakeReport, plan: IntakePlan): void {
  for (const { kind } of plan.added) report.accepted[kind] = (report.accepted[kind] ?? 0) + 1;
  report.unchanged += plan.unchanged.length;
  for (const { file, issues, path } of plan.rejected) {
    const [first] = issues;
    report.rejected.push({
      path: file.path,
      to: path,
      problem: first === undefined ? '' : describeIssue(file.path, first),
    });
  }
}
