import { execFileSync } from 'node:child_process';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemClock } from '../../src/contracts/clock.ts';
import type { Entry } from '../../src/contracts/record.ts';
import { type IntakeReport, takeIn } from '../../src/ledger/intake.ts';
import { readEntries } from '../../src/ledger/read-entries.ts';
import { RecordIndex } from '../../src/ledger/record-index.ts';
import { openWorkspace, type Workspace } from '../../src/ledger/workspace.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';

// The ledger runs git with the environment of its process: nothing of this machine may get in.
Object.assign(process.env, {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
});

const layout = {
  '.gitignore': '.millwright/\nqueue/rejected/**/*.local*\n',
  '.gitattributes': '/state/** -text\n/queue/** -text\n',
  'queue/inbox/outcome/.gitkeep': '',
};

/** The least that is a workspace, in one commit. */
export function ledgerFolder(
  settings = '',
  files: Readonly<Record<string, string>> = {},
): Promise<GitFolder> {
  return gitFolder({ 'millwright.yaml': `# settings\n${settings}`, ...layout, ...files });
}

export interface Opened {
  readonly workspace: Workspace;
  readonly index: RecordIndex;
}

/** Opens a workspace as one run of a command does, and closes it. */
export async function inLedger<T>(root: string, work: (opened: Opened) => Promise<T>): Promise<T> {
  const workspace = await openWorkspace(root);
  try {
    return await work({ workspace, index: new RecordIndex(workspace.cache) });
  } finally {
    workspace.close();
  }
}

export interface Taken extends IntakeReport {
  readonly warnings: readonly string[];
}

/** One intake, in a process of its own as far as the ledger can tell. */
export function takeAll(root: string): Promise<Taken> {
  return inLedger(root, async ({ workspace, index }) => ({
    ...(await takeIn(workspace, index)),
    warnings: workspace.warnings,
  }));
}

export function recordsOf(root: string, kind = 'outcome'): Promise<Entry[]> {
  return inLedger(root, async ({ workspace }) => readEntries(await snapshotOf(workspace), kind));
}

export async function idsOf(root: string, kind = 'outcome'): Promise<string[]> {
  return (await recordsOf(root, kind)).map(({ id }) => id);
}

export async function snapshotOf(workspace: Workspace) {
  return (await workspace.log.tip()).snapshot;
}

/** Puts a file into the checkout, written long enough ago that nobody waits for its end. */
export async function put(
  folder: GitFolder,
  path: string,
  content: string | Uint8Array,
  ageMs = 60_000,
): Promise<void> {
  const full = join(folder.dir, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  const then = new Date(systemClock.now().getTime() - ageMs);
  await utimes(full, then, then);
}

export async function commitAll(folder: GitFolder, message = 'Drop by commit'): Promise<void> {
  await folder.git('add', '--all', '--force');
  await folder.git('commit', '-q', '-m', message);
}

/** A blob, written without a file: what it holds may be anything. */
export function blob(folder: GitFolder, content: string | Uint8Array): string {
  return plumbing(folder, ['hash-object', '-w', '--stdin', '--literally', '-t', 'blob'], content);
}

/** Runs a command of git that reads its input. */
export function plumbing(folder: GitFolder, args: readonly string[], input: string | Uint8Array): string {
  return execFileSync('git', args, { cwd: folder.dir, env: folder.env, input }).toString('utf8').trim();
}

export async function pages(folder: GitFolder, ref = 'HEAD'): Promise<Map<string, string>> {
  const names = (await folder.git('ls-tree', '-r', '-z', '--name-only', ref, 'queue/rejected/')).split('\0');
  const found = names.filter((name) => name.endsWith('.error.md'));
  const texts = await Promise.all(found.map((name) => folder.git('show', `${ref}:${name}`)));
  return new Map(found.map((name, at) => [name, texts[at] ?? '']));
}

export async function filesOf(folder: GitFolder, path: string, ref = 'HEAD'): Promise<string[]> {
  const text = await folder.git('ls-tree', '-r', '-z', '--name-only', ref, `${path}/`);
  return text.split('\0').filter((name) => name !== '' && !name.endsWith('.gitkeep'));
}

export function outcomeText(id: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ id, idea_id: `idea of ${id}`, outcome: 'accepted', ...more });
}

export function readHere(folder: GitFolder, path: string): Promise<Buffer> {
  return readFile(join(folder.dir, path));
}
