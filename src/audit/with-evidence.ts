import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { type GitRun, git, gitFailed, gitText } from '../git/program.ts';
import type { EvidencePlace } from './evidence.ts';

export interface EvidenceOptions {
  /** Top of the workspace. */
  readonly root: string;
  readonly ledgerBranch: string;
  readonly namespace: string;
  readonly remote?: {
    readonly name: string;
    readonly address: string;
    readonly env?: Record<string, string>;
  };
}

/**
 * Calls `read` with a repository that holds the ledger and the cells. Those of a remote are fetched into a bare
 * repository in the folder for temporary files, which borrows the workspace's objects: the workspace itself gets
 * no ref, whenever this is killed. Throws `no-ledger`, and `git-failed` with git's words.
 */
export async function withEvidence<Result>(
  options: EvidenceOptions,
  read: (place: EvidencePlace) => Promise<Result>,
): Promise<Result> {
  const { root, ledgerBranch, namespace, remote } = options;
  if (remote === undefined) {
    const place = { ledger: `refs/heads/${ledgerBranch}`, cells: `${namespace}/slots/` };
    return read({ run: { cwd: root, env: asWritten }, ...place });
  }
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'millwright-audit-')));
  try {
    return await read(await fetchInto(folder, options, remote));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const LEDGER = 'refs/audit/ledger';
const CELLS = 'refs/audit/slots/';
/** Replacements are a view of whoever made them, and no evidence. */
const asWritten = { GIT_NO_REPLACE_OBJECTS: '1' };

async function fetchInto(
  folder: string,
  { root, ledgerBranch, namespace }: EvidenceOptions,
  remote: NonNullable<EvidenceOptions['remote']>,
): Promise<EvidencePlace> {
  const env = { ...asWritten, GIT_DIR: folder };
  await gitText(['init', '--quiet', '--bare', '--template=', '.'], { cwd: folder, env });
  const { commonDir, borrowable } = await describe(root);
  // The address and the credentials are as the workspace's configuration says, and paths are relative to it.
  const settings = ['-c', `include.path=${join(commonDir, 'config')}`, '-c', 'core.hooksPath=/dev/null'];
  const run: GitRun = { cwd: root, env: { ...remote.env, ...env } };
  const fetch = (...what: readonly string[]) =>
    fetchRefs([...settings, ...fetchWords, ...what], run, ledgerBranch);
  const cells = `+${namespace}/slots/*:${CELLS}*`;
  const ledger = `+refs/heads/${ledgerBranch}:${LEDGER}`;
  if (borrowable) {
    await writeFile(join(folder, 'objects/info/alternates'), `${join(commonDir, 'objects')}\n`);
    await fetch('--', remote.name, cells, ledger);
  } else {
    // Cells first: what a pass folds in between is then in the records, and the audit knows such a cell.
    await fetch('--', remote.name, cells);
    await fetch('--depth=1', '--', remote.name, ledger);
  }
  const asking = { name: remote.name, run, settings, fetch: fetchWords };
  return { run: { cwd: folder, env }, ledger: LEDGER, cells: CELLS, remote: asking };
}

const fetchWords = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-filter',
  '--refmap=',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--recurse-submodules=no',
];

/** Objects of a clone that has only some of them would pass for all of them. */
async function describe(root: string): Promise<{ commonDir: string; borrowable: boolean }> {
  const asked = ['rev-parse', '--git-common-dir', '--is-shallow-repository'];
  const [folder = '', shallow] = (await gitText(asked, { cwd: root })).split('\n');
  const promised = ['config', '--get-regexp', String.raw`^(remote\..*\.promisor|extensions\.partialclone)$`];
  const partial = (await git(promised, { cwd: root })).code === 0;
  return { commonDir: resolve(root, folder), borrowable: shallow === 'false' && !partial };
}

/** A ref that moves between the server's list and its answer is asked for again. */
async function fetchRefs(args: readonly string[], run: GitRun, ledgerBranch: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await git(args, run);
    if (answer.code === 0) return;
    if (/couldn't find remote ref/.test(answer.stderr)) throw noLedger(ledgerBranch);
    if (attempt === 5 || !/not our ref|cannot lock ref|unable to update local ref/.test(answer.stderr))
      throw gitFailed(['fetch'], answer);
  }
}

/** Where there is no ledger there is nothing to audit. */
export function noLedger(branch: string): MillwrightError {
  return new MillwrightError('no-ledger', `there is no branch ${branch} to audit`, {
    hint: 'check "ledger_branch" in millwright.yaml; the first pass makes the branch',
    data: { branch },
  });
}
