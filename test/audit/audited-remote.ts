import { execFileSync } from 'node:child_process';
import type { ClaimStatement } from '../../src/audit/statements.ts';
import { bareRemote, type GitFolder } from '../support/git-folder.ts';
import { claimOf, type Said } from './sample-queue.ts';

export const cellSpace = 'refs/millwright/slots';

/** A bare repository with these files on a branch. */
export async function ledgerRemote(
  files: Readonly<Record<string, string>>,
  branch = 'main',
): Promise<GitFolder> {
  const remote = await bareRemote();
  writeCommits(remote, [{ ref: `refs/heads/${branch}`, files }]);
  return remote;
}

export interface NewCommit {
  readonly ref: string;
  readonly files: Readonly<Record<string, string>>;
  /** Undefined: the commit is the first of its ref. */
  readonly parent?: string;
}

/** Writes commits with plumbing alone: each holds its files and nothing else. */
export function writeCommits(folder: GitFolder, commits: readonly NewCommit[]): void {
  const input = commits.map(({ ref, files, parent }) => {
    const from = parent === undefined ? '' : `from ${parent}\n`;
    const contents = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
    const head = `commit ${ref}\ncommitter Test Author <test@example.invalid> 1790000000 +0000\n${data('Say')}`;
    return `${head}${from}deleteall\n${contents.join('')}\n`;
  });
  const { dir: cwd, env } = folder;
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd, env, input: input.join('') });
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** Lets a cell say something more. Returns the commit. */
export async function sayInCell(
  remote: GitFolder,
  slot: string,
  said: Said,
  namespace = 'refs/millwright',
): Promise<string> {
  const ref = `${namespace}/slots/${slot}`;
  const before = await remote.gitCode('rev-parse', '--quiet', '--verify', ref);
  const parent = before.code === 0 ? { parent: before.stdout.trim() } : {};
  writeCommits(remote, [{ ref, files: claimFile(claimOf(slot, said)), ...parent }]);
  return remote.git('rev-parse', ref);
}

export function claimFile(claim: ClaimStatement): Record<string, string> {
  return { [`queue/claims/${claim.slot_id}.json`]: JSON.stringify(claim) };
}

/** A slot as it waits in the queue, and its item. */
export function waitingFiles(...slots: readonly string[]): Record<string, string> {
  const files = slots.map((slot) => {
    const said = { slot_id: slot, item_id: 'i1', kind: 'job', token: 0 };
    return [`queue/slots/${slot}.json`, JSON.stringify(said)] as const;
  });
  const item = `item_id: i1\ntitle: "One: two"\nslots:\n${slots.map((slot) => `  - ${slot}\n`).join('')}`;
  return { ...Object.fromEntries(files), 'queue/items/i1.yaml': item };
}

/** Lines of a segment. */
export function linesOf(kind: string, records: readonly object[]): string {
  const lines = records.map((record, at) => ({ id: `${kind}-${at}`, kind, source: 'queue', ...record }));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
