import { faultPoint } from '../contracts/fault-point.ts';
import { describeIssue } from '../contracts/issue.ts';
import type { Oid } from '../git/repository.ts';
import { checkedOutInbox } from './checked-out-inbox.ts';
import { consumeFile, unstage } from './consume-files.ts';
import type { RejectedContract } from './controller.ts';
import type { InboxFile } from './inbox-file.ts';
import { judgeFile } from './judge-file.ts';
import { INBOX_SPACE } from './list-inbox.ts';
import { type IntakePlan, type Judged, planIntake } from './plan-intake.ts';
import { readInbox } from './read-inbox.ts';
import type { RecordIndex } from './record-index.ts';
import { recordingOptions } from './recording-options.ts';
import type { Workspace } from './workspace.ts';

/** What intake did, or would do. */
export interface IntakeReport {
  /** New records, by kind. */
  accepted: Record<string, number>;
  /** Contracts that the history had already. */
  unchanged: number;
  rejected: RejectedContract[];
  /** Files that are still being written and wait for the next round. */
  settling: number;
  commits: Oid[];
}

/** A file younger than this that does not parse may still be under somebody's pen. Milliseconds. */
export const SETTLE_MS = 1_000;
/** Files of the checkout that are removed at the same time. */
const CONSUME_AT_ONCE = 64;

/** Takes everything out of the inbox: into the history, or to `queue/rejected`. One commit a batch. */
export async function takeIn(workspace: Workspace, index: RecordIndex): Promise<IntakeReport> {
  const report = emptyReport();
  for await (const files of readInbox(workspace)) {
    const judged = await judgeBatch(workspace, files, report);
    if (judged.length === 0) continue;
    const done = await workspace.log.transact(
      { subject: `Take in ${judged.length} ${judged.length === 1 ? 'contract' : 'contracts'}` },
      async (snapshot) => {
        const plan = await planIntake(snapshot, judged, recordingOptions(workspace, index));
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
  for await (const files of readInbox(workspace)) {
    const judged = await judgeBatch(workspace, files, report);
    addToReport(report, await planIntake(snapshot, judged, recordingOptions(workspace, index)));
  }
  return report;
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

/** Files of the work tree and cells leave after the commit: what dies here is seen again and found recorded. */
async function clearSources(
  workspace: Workspace,
  judged: readonly Judged[],
  plan: IntakePlan,
): Promise<void> {
  const staysLocal = new Map(
    plan.rejected.filter(({ local }) => local).map(({ file, path }) => [file, path]),
  );
  // A person may have committed a file since it was read: then it goes when that commit has arrived.
  const here = await checkedOutInbox(workspace);
  const files = judged
    .map(({ file }) => file)
    .filter(({ place, path, oid }) => place !== 'work-tree' || here.get(path) !== oid);
  for (let at = 0; at < files.length; at += CONSUME_AT_ONCE) {
    const some = files.slice(at, at + CONSUME_AT_ONCE);
    await Promise.all(some.map((file) => consumeFile(workspace.root, file, staysLocal.get(file))));
  }
  await unstage(
    workspace.root,
    files.filter(({ place }) => place === 'work-tree'),
  );
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
      ...(first?.line === undefined ? {} : { line: first.line }),
    });
  }
}
