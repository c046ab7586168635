import { hasCode } from '../../../contracts/millwright-error.ts';
import { type Settings, settings as schema } from '../../../contracts/settings.ts';
import { fileChanges } from '../../../git/file-changes.ts';
import type { ObjectStore } from '../../../git/object-store.ts';
import { gitText } from '../../../git/program.ts';
import { Snapshot } from '../../../git/snapshot.ts';
import { SETTINGS_FILE } from '../../../ledger/paths.ts';
import { parseSettings } from '../../../ledger/read-settings.ts';
import { findPlaces, type Places } from '../find-places.ts';
import type { Looked } from '../finding.ts';
import type { DiffGround } from './diff-ground.ts';
import { type DiffRange, findBase } from './find-base.ts';
import { isLedgerCommit } from './is-ledger-commit.ts';
import { judgeClaims } from './judge-claims.ts';
import { judgeConstitution } from './judge-constitution.ts';
import { judgeHandEdits } from './judge-hand-edits.ts';
import { judgePersonas } from './judge-personas.ts';
import { judgeProtected } from './judge-protected.ts';
import { judgeRecords } from './judge-records.ts';
import { readCommits } from './read-commits.ts';

export interface DiffRequest {
  /** A branch, tag or commit. */
  readonly base: string;
  /** True for a change from another repository: what it says of itself counts for nothing. */
  readonly fork: boolean;
}

/** Checks what HEAD brings to BASE. Throws `unknown-base` and `no-merge-base`. */
export async function validateDiff(
  root: string,
  store: ObjectStore,
  here: Settings,
  request: DiffRequest,
): Promise<Looked> {
  const range = await findBase(root, store, request.base, here.remote);
  const ground = await openDiff(root, store, range, request.fork);
  const records = await judgeRecords(ground);
  const hands = await judgeHandEdits(ground);
  const claims = await judgeClaims(
    ground,
    records.added.filter(({ path }) => hands.paths.has(path)),
  );
  return {
    findings: [
      ...records.findings,
      ...claims.findings,
      ...hands.findings,
      ...(await judgePersonas(ground)),
      ...judgeConstitution(ground),
      ...(await judgeProtected(ground)),
    ],
    checked: { commits: ground.commits.length, changed_files: ground.changes.length, claims: claims.count },
    unchecked: [...claims.unchecked, ...(range.shallow ? [SHALLOW] : [])],
  };
}

const SHALLOW =
  'commits that this shallow clone lacks: fetch-depth: 0 of actions/checkout, or git fetch --unshallow, brings them';

async function openDiff(
  root: string,
  store: ObjectStore,
  range: DiffRange,
  fork: boolean,
): Promise<DiffGround> {
  const snapshotAt = async (oid: string) => new Snapshot(store, await store.treeOf(oid));
  const atBase = await snapshotAt(range.base);
  const settings = await settingsAt(atBase);
  const places = await findPlaces(root, settings, !fork);
  const vouched = fork ? await vouchedFor(root, places, range) : undefined;
  return {
    root,
    store,
    range,
    settings,
    places,
    atBase,
    atFork: await snapshotAt(range.fork),
    atHead: await snapshotAt(range.head),
    changes: await fileChanges(root, range.fork, range.head),
    commits: await readCommits(root, [range.head], [range.base]),
    isLedger: (commit) => isLedgerCommit(commit, settings.author.email) && vouched?.has(commit.oid) !== false,
    fork,
  };
}

/** Settings that the base branch cannot read are the matter of whoever looks at the base branch. */
async function settingsAt(base: Snapshot): Promise<Settings> {
  try {
    return parseSettings((await base.bytes(SETTINGS_FILE)) ?? Buffer.alloc(0));
  } catch (error) {
    if (!hasCode(error, 'bad-settings')) throw error;
    return schema.parse({});
  }
}

/** Anybody can write Millwright's address into a commit; of a fork, only commits that the ledger has are Millwright's. */
async function vouchedFor(root: string, { ledgers }: Places, { fork }: DiffRange): Promise<Set<string>> {
  if (ledgers.length === 0) return new Set();
  const text = await gitText(['rev-list', ...ledgers, `^${fork}`], { cwd: root });
  return new Set(text.split('\n'));
}
