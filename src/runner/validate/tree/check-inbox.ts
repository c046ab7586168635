import { devNull } from 'node:os';
import type { Contract } from '../../../contracts/record.ts';
import { emptyTree, type ObjectStore } from '../../../git/object-store.ts';
import { Snapshot } from '../../../git/snapshot.ts';
import { type InboxFile, isIgnoredName, placeInInbox } from '../../../ledger/inbox-file.ts';
import { judgeFile } from '../../../ledger/judge-file.ts';
import { openWorkFile } from '../../../ledger/list-work-tree.ts';
import { INBOX } from '../../../ledger/paths.ts';
import { recordContracts } from '../../../ledger/record-contracts.ts';
import { RecordIndex } from '../../../ledger/record-index.ts';
import type { Finding } from '../finding.ts';
import type { Ground } from '../ground.ts';
import { issueFinding } from '../issue-finding.ts';
import { readDiskFile } from './read-disk-file.ts';

export interface InboxCheck {
  readonly findings: readonly Finding[];
  readonly count: number;
  readonly unchecked: readonly string[];
}

const ADVICE = 'correct the file; "millwright drop FILE --kind KIND" checks before it takes';
const OPEN_AT_ONCE = 64;

interface Accepted {
  readonly path: string;
  readonly contract: Contract;
}

/** Judges every contract that waits, as intake will, and moves nothing. */
export async function checkInbox(ground: Ground, ledger: string | undefined): Promise<InboxCheck> {
  const paths = ground.files.filter((path) => {
    const parts = placeInInbox(path);
    return parts.length > 0 && !parts.some(isIgnoredName);
  });
  const findings: Finding[] = [];
  const accepted: Accepted[] = [];
  const unchecked: string[] = [];
  for (let at = 0; at < paths.length; at += OPEN_AT_ONCE) {
    const some = paths.slice(at, at + OPEN_AT_ONCE);
    const judged = await Promise.all(some.map((path) => judge(ground, path, unchecked)));
    for (const one of judged) {
      findings.push(...one.findings);
      if (one.contract !== undefined) accepted.push({ path: one.path, contract: one.contract });
    }
  }
  const taken = await idsTaken(ground, ledger, accepted, unchecked);
  return { findings: [...findings, ...taken], count: paths.length, unchecked };
}

async function judge(ground: Ground, path: string, unchecked: string[]) {
  const file = await inboxFile(ground, path, unchecked);
  if (file === undefined) return { path, findings: [] };
  const judgement = await judgeFile(file, ground.settings.limits.contract_bytes);
  if (judgement.ok) return { path, findings: [], contract: judgement.contract };
  return { path, findings: judgement.issues.map((issue) => issueFinding('contract', path, issue, ADVICE)) };
}

/** A repository within this one is what git calls a submodule once it is added. */
async function inboxFile(
  { root, clock }: Ground,
  path: string,
  unchecked: string[],
): Promise<InboxFile | undefined> {
  const warnings: string[] = [];
  const file = await openWorkFile({ root, clock, warn: (message) => warnings.push(message) }, path);
  if (file !== undefined) return file;
  const isFolder = (await readDiskFile(root, path, 0)).shape === 'folder';
  const nothing = { bytes: 0, oid: '', read: async () => Buffer.alloc(0) };
  if (isFolder) return { path, place: 'work-tree', shape: 'submodule', ...nothing };
  unchecked.push(...warnings);
  return undefined;
}

/** Records never change: an id that is recorded, or waits twice, with other content is refused by intake. */
async function idsTaken(
  { store, clock, settings }: Ground,
  ledger: string | undefined,
  accepted: readonly Accepted[],
  unchecked: string[],
): Promise<Finding[]> {
  if (accepted.length === 0) return [];
  // Nothing can be written below this place, and the index does without its cache then.
  const index = new RecordIndex(devNull);
  const options = { index, recordedAt: clock.now(), segmentBytes: settings.limits.segment_bytes };
  try {
    const snapshot = await snapshotOf(store, ledger);
    const contracts = accepted.map(({ contract }) => contract);
    const { known } = await recordContracts(snapshot, contracts, options);
    return accepted.filter((_, at) => known[at] === 'other').map(takenFinding);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    unchecked.push(`whether the ids in ${INBOX} are taken: ${why}`);
    return [];
  }
}

async function snapshotOf(store: ObjectStore, commit: string | undefined): Promise<Snapshot> {
  return new Snapshot(store, commit === undefined ? emptyTree : await store.treeOf(commit));
}

function takenFinding({ path, contract }: Accepted): Finding {
  const found = `other content under the id ${JSON.stringify(contract.id)}, recorded or waiting`;
  const issue = { field: 'id', expected: 'an id of its own', found };
  return issueFinding('contract', path, issue, 'records never change: drop the contract under a new id');
}
