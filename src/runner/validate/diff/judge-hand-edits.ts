import { readProposalPage } from '../../../forge/proposal-page.ts';
import type { FileChange, FileVersion } from '../../../git/file-changes.ts';
import { isRegularFile } from '../../../git/tree.ts';
import { PROPOSALS, REJECTED } from '../../../ledger/paths.ts';
import type { Finding } from '../finding.ts';
import { groupBy } from '../group-by.ts';
import type { DiffGround } from './diff-ground.ts';
import { type MachinePath, machinePath } from './machine-path.ts';
import { type Commit, readCommits } from './read-commits.ts';

export interface HandEdits {
  readonly findings: readonly Finding[];
  /** Machine-written paths that people have changed. */
  readonly paths: ReadonlySet<string>;
}

interface Edited {
  readonly change: FileChange;
  readonly machine: MachinePath;
  /** The commit that is to blame; undefined: none that is here, or a merge that dropped what the base has. */
  readonly by: Commit | undefined;
}

/**
 * Finds machine-written paths that were changed by another hand than Millwright's. What Millwright wrote to the ledger
 * may arrive in any way, also squashed: then the file is as one of its commits left it. An edit by hand below a commit
 * of Millwright is found all the same, because every step counts, not only the last one.
 */
export async function judgeHandEdits(ground: DiffGround): Promise<HandEdits> {
  const edits: Edited[] = [];
  for (const edited of await suspects(ground)) if (!(await mayDo(ground, edited.change))) edits.push(edited);
  return { findings: edits.map(handEdited), paths: new Set(edits.map(({ change }) => change.path)) };
}

async function suspects(ground: DiffGround): Promise<Edited[]> {
  const { changes, commits, isLedger } = ground;
  const machine = changes.flatMap((change) => {
    const found = machinePath(change.path);
    return found === undefined ? [] : [{ change, machine: found }];
  });
  if (machine.length === 0) return [];
  const known = await ledgerStates(ground);
  const steps = groupBy(commits.filter((commit) => !isLedger(commit)).flatMap(stepsOf), ({ path }) => path);
  return machine.flatMap(({ change, machine: found }) => {
    const { path, before, after } = change;
    const own = steps.get(path) ?? [];
    const wrong = own.find(({ state }) => state !== stateOf(before) && !known.has(`${state} ${path}`));
    if (wrong === undefined && known.has(`${stateOf(after)} ${path}`)) return [];
    return [{ change, machine: found, by: wrong?.commit ?? own[0]?.commit }];
  });
}

function stepsOf(commit: Commit) {
  return commit.changes.map(({ path, state }) => ({ path, state, commit }));
}

/** Every state in which Millwright has left a machine-written file since the fork. */
async function ledgerStates({ root, places, range, commits, isLedger }: DiffGround): Promise<Set<string>> {
  const heads = places.ledgers.filter((oid) => oid !== range.fork);
  const folders = ['queue', 'state', 'artifacts'];
  const elsewhere = heads.length === 0 ? [] : await readCommits(root, heads, [range.fork], folders);
  const steps = [...commits, ...elsewhere].filter(isLedger).flatMap(({ changes }) => changes);
  return new Set(steps.map(({ path, state }) => `${state} ${path}`));
}

/** As a commit says it. */
function stateOf(version: FileVersion | undefined): string {
  return version === undefined ? 'absent' : `${version.mode} ${version.oid}`;
}

/** A person may say no in a page, and clear away what was refused. */
async function mayDo(ground: DiffGround, { path, before, after }: FileChange): Promise<boolean> {
  if (path.startsWith(`${REJECTED}/`)) return after === undefined;
  if (!path.startsWith(`${PROPOSALS}/`) || before === undefined || after === undefined) return false;
  if (!isRegularFile({ name: path, ...after })) return false;
  const [was, is] = await Promise.all(
    [before, after].map(async ({ oid }) =>
      readProposalPage((await ground.atHead.blob(oid)).toString('utf8')),
    ),
  );
  if (was === undefined || is === undefined) return false;
  return was.id === is.id && was.head === is.head && was.openedAt === is.openedAt;
}

function handEdited({ change, machine, by }: Edited): Finding {
  const { path, before, after } = change;
  const verb = before === undefined ? 'added' : after === undefined ? 'deleted' : 'changed';
  const who =
    by === undefined ? 'by a merge, or by a commit that is not here' : `by commit ${by.oid.slice(0, 10)}`;
  return {
    path,
    severity: 'error',
    rule: 'machine-path',
    message: `expected only Millwright to write this (${machine.what}), found it ${verb} ${who}`,
    hint: machine.right,
  };
}
