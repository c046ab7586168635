import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { blobOid } from './blob-oid.ts';
import type { FileChange, FileVersion } from './file-changes.ts';
import { diskPath, encodePath } from './path-text.ts';
import { codeOf } from './process-lock.ts';
import { git, gitBytes } from './program.ts';
import type { Oid } from './repository.ts';

/**
 * What lies at a path. `other`: a folder, or something that git does not keep, or a path that a file or a
 * symlink blocks. `not wanted`: a sparse checkout leaves it out. undefined: nothing.
 */
export type WorkFile = FileVersion | 'other' | 'not wanted' | undefined;

export interface WorkFiles {
  readonly files: ReadonlyMap<string, WorkFile>;
  /** For paths that cannot exist: what lies where one of their folders should be. */
  readonly blockers: ReadonlyMap<string, string>;
}

/** Looks at the paths of these changes. Content is named as git would name it after its filters. */
export async function workFiles(root: string, changes: readonly FileChange[]): Promise<WorkFiles> {
  const files = new Map<string, WorkFile>();
  const regular: { change: FileChange; stats: Stats }[] = [];
  const blockers = await blockedPaths(root, changes);
  for (const change of changes) {
    const { path } = change;
    const stats = blockers.has(path) ? 'blocked' : await look(root, path);
    if (stats === undefined) continue;
    if (stats !== 'blocked' && stats.isFile()) regular.push({ change, stats });
    else if (stats !== 'blocked' && stats.isSymbolicLink()) files.set(path, await linkVersion(root, path));
    else files.set(path, 'other');
  }
  const versions = await fileVersions(root, regular);
  for (const [at, { change }] of regular.entries()) files.set(change.path, versions[at]);
  return { files, blockers };
}

/** Nothing is ever looked at or written behind a symlink that lies where a folder should be. */
async function blockedPaths(root: string, changes: readonly FileChange[]): Promise<Map<string, string>> {
  const known = new Map<string, string | undefined>([['.', undefined]]);
  const blockerOf = async (folder: string): Promise<string | undefined> => {
    if (known.has(folder)) return known.get(folder);
    const above = await blockerOf(dirname(folder));
    const stats = above === undefined ? await look(root, folder) : undefined;
    const blocker = stats === undefined || stats.isDirectory() ? above : folder;
    known.set(folder, blocker);
    return blocker;
  };
  const blockers = new Map<string, string>();
  for (const { path } of changes) {
    const blocker = await blockerOf(dirname(path));
    if (blocker !== undefined) blockers.set(path, blocker);
  }
  return blockers;
}

async function look(root: string, path: string): Promise<Stats | undefined> {
  try {
    return await lstat(diskPath(root, path));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function linkVersion(root: string, path: string): Promise<FileVersion> {
  const target = await readlink(diskPath(root, path), { encoding: 'buffer' });
  return { mode: '120000', oid: blobOid(target) };
}

async function fileVersions(
  root: string,
  regular: readonly { change: FileChange; stats: Stats }[],
): Promise<WorkFile[]> {
  const oids = await contentOids(
    root,
    regular.map(({ change }) => change),
  );
  const versions = regular.map(({ stats }, at): WorkFile => {
    const oid = oids[at];
    if (oid === undefined) return 'other';
    return { mode: (stats.mode & 0o100) === 0 ? '100644' : '100755', oid };
  });
  const unexpected = versions.some((version, at) => !hasModeOf(version, regular[at]?.change));
  if (!unexpected || (await trustsModes(root))) return versions;
  return versions.map((version, at) => withModeOf(version, regular[at]?.change));
}

/** The content ids, in order; undefined for a file that cannot be read. */
async function contentOids(root: string, changes: readonly FileChange[]): Promise<(Oid | undefined)[]> {
  const clean = await hashFiles(root, changes, []);
  const odd = changes.filter((change, at) => !isSideOf(change, clean[at]));
  // Line ends that git would change on the way in may be in the committed file all the same.
  const raw = await hashFiles(root, odd, ['--no-filters']);
  const asIs = new Map(odd.map((change, at) => [change, raw[at]]));
  return changes.map((change, at) => (isSideOf(change, asIs.get(change)) ? asIs.get(change) : clean[at]));
}

function isSideOf({ before, after }: FileChange, oid: Oid | undefined): boolean {
  return oid !== undefined && (before?.oid === oid || after?.oid === oid);
}

/** Through git, so that the line-end and filter rules of the repository apply. */
async function hashFiles(
  root: string,
  changes: readonly FileChange[],
  options: readonly string[],
): Promise<(Oid | undefined)[]> {
  if (changes.length === 0) return [];
  const input = changes.map(({ path }) => `${quoted(path)}\n`).join('');
  const answer = await git(['hash-object', ...options, '--stdin-paths'], { cwd: root, input });
  if (answer.code === 0) return answer.stdout.toString('latin1').trim().split('\n');
  // One file that vanished or cannot be read: git stops there, so each is asked for by itself.
  if (changes.length === 1) return [undefined];
  return (await Promise.all(changes.map((change) => hashFiles(root, [change], options)))).flat();
}

/** As git quotes: any byte may be part of a name. */
function quoted(path: string): string {
  const bytes = [...encodePath(path)].map((byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c
      ? `\\${byte.toString(8).padStart(3, '0')}`
      : String.fromCharCode(byte),
  );
  return `"${bytes.join('')}"`;
}

/** Some file systems keep no executable bit. */
async function trustsModes(root: string): Promise<boolean> {
  const text = await gitBytes(['config', '--type=bool', '--default=true', '--get', 'core.fileMode'], {
    cwd: root,
  });
  return text.toString('utf8').trim() === 'true';
}

function hasModeOf(version: WorkFile, change: FileChange | undefined): boolean {
  return typeof version !== 'object' || version.mode === expectedMode(change);
}

function withModeOf(version: WorkFile, change: FileChange | undefined): WorkFile {
  return typeof version === 'object' ? { ...version, mode: expectedMode(change) ?? version.mode } : version;
}

function expectedMode(change: FileChange | undefined): FileVersion['mode'] | undefined {
  const mode = change?.before?.mode ?? change?.after?.mode;
  return mode === '120000' ? '100644' : mode;
}
