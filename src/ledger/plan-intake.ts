import type { Issue } from '../contracts/issue.ts';
import type { Entry } from '../contracts/record.ts';
import type { Edit } from '../git/edit.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { InboxFile } from './inbox-file.ts';
import type { Judgement } from './judge-file.ts';
import { INBOX } from './paths.ts';
import { type RecordingOptions, recordContracts } from './record-contracts.ts';
import { planRejections, type RejectPlan } from './reject.ts';

export interface Judged {
  readonly file: InboxFile;
  readonly judgement: Judgement;
}

export interface IntakePlan {
  readonly edits: readonly Edit[];
  readonly added: readonly Entry[];
  /** Files whose content the history has already. */
  readonly unchanged: readonly InboxFile[];
  readonly rejected: readonly RejectPlan[];
}

/**
 * What one batch of judged files does to the ledger: records appended, files removed, refused ones moved.
 * All of it is one set of edits, so a record enters exactly once whatever dies in between.
 */
export async function planIntake(
  snapshot: Snapshot,
  judged: readonly Judged[],
  options: RecordingOptions,
): Promise<IntakePlan> {
  const waiting = await stillWaiting(snapshot, judged);
  const valid = waiting.flatMap(({ file, judgement }) =>
    judgement.ok ? [{ file, contract: judgement.contract }] : [],
  );
  const recording = await recordContracts(
    snapshot,
    valid.map(({ contract }) => contract),
    options,
  );
  const conflicts = valid
    .filter((_, at) => recording.known[at] === 'other')
    .map(({ file, contract }) => ({ file, issues: [conflictIssue(contract.id)] }));
  const invalid = waiting.flatMap(({ file, judgement }) =>
    judgement.ok ? [] : [{ file, issues: judgement.issues }],
  );
  const rejected = await planRejections(snapshot, [...invalid, ...conflicts], options.recordedAt);
  const taken = valid.filter((_, at) => recording.known[at] !== 'other').map(({ file }) => file);
  const removals = taken.filter(({ place }) => place === 'committed').map(({ path }) => ({ remove: path }));
  return {
    edits: [...recording.edits, ...rejected.flatMap(({ edits }) => edits), ...removals],
    added: recording.added,
    unchanged: valid.filter((_, at) => recording.known[at] === 'same').map(({ file }) => file),
    rejected,
  };
}

/** Another runner may have been first: of the committed files, only those that are still there count. */
async function stillWaiting(snapshot: Snapshot, judged: readonly Judged[]): Promise<Judged[]> {
  const there = new Set<string>();
  for await (const { path, entry } of snapshot.walk(INBOX)) there.add(`${entry.oid} ${path}`);
  return judged.filter(({ file }) => file.place !== 'committed' || there.has(`${file.oid} ${file.path}`));
}

function conflictIssue(id: string): Issue {
  return {
    field: 'id',
    expected: 'an id of its own, or the content that is recorded under it',
    found: `other content under the recorded id ${JSON.stringify(id)}`,
    hint: 'records never change: drop the contract under a new id',
  };
}
