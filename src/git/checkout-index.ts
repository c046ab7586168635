import { type FileChange, type FileVersion, nulFields } from './file-changes.ts';
import { isUtf8 } from './path-text.ts';
import { gitBytes } from './program.ts';
import type { WorkTree } from './work-trees.ts';

/** What the index of a checkout holds. */
export interface Versions {
  readonly files: ReadonlyMap<string, FileVersion>;
  /** Paths of changes below which the user has staged files that the change does not remove. */
  readonly folders: ReadonlySet<string>;
  /** Paths that a sparse checkout keeps out of the work tree on purpose. */
  readonly absent: ReadonlySet<string>;
  /** Paths that the change removes. */
  readonly removed: ReadonlySet<string>;
}

/** The index entries of all paths that change, and of what lies below them. */
export async function stagedVersions(workTree: WorkTree, changes: readonly FileChange[]): Promise<Versions> {
  const paths = changes.map(({ path }) => path);
  const entries = await listIndex(workTree, paths.length <= 100 ? paths : []);
  const removed = new Set(changes.filter(({ after }) => after === undefined).map(({ path }) => path));
  const changed = new Set(paths);
  const folders = entries.flatMap(({ path }) => (removed.has(path) ? [] : foldersAbove(path)));
  return {
    files: new Map(entries.map(({ path, version }) => [path, version])),
    folders: new Set(folders.filter((folder) => changed.has(folder) && !removed.has(folder))),
    absent: new Set(entries.filter(({ absent }) => absent).map(({ path }) => path)),
    removed,
  };
}

/** Those of the paths that are files in the index. */
export async function stagedAt(workTree: WorkTree, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const wanted = new Set(paths);
  const entries = await listIndex(workTree, [...wanted]);
  return new Set(entries.map(({ path }) => path).filter((path) => wanted.has(path)));
}

interface Entry {
  readonly path: string;
  readonly version: FileVersion;
  readonly absent: boolean;
}

/** Without paths: everything; and when one of them is no text that a program takes as an argument. */
async function listIndex(workTree: WorkTree, paths: readonly string[]): Promise<Entry[]> {
  const only = paths.every(isUtf8) ? paths.map((path) => `:(top,literal)${path}`) : [];
  const raw = await gitBytes(['ls-files', '-s', '-t', '-z', '--', ...only], { cwd: workTree.path });
  return nulFields(raw).flatMap((field) => {
    const match = /^([A-Z]) (\d{6}) ([0-9a-f]{40}) (\d)\t(.*)$/s.exec(field);
    if (match === null) return [];
    const [, tag, mode, oid = '', stage, path = ''] = match;
    // An unmerged path is the user's business; a mode of its own keeps it from matching anything.
    const version = { mode: (stage === '0' ? mode : '160000') as FileVersion['mode'], oid };
    return [{ path, version, absent: tag === 'S' }];
  });
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}
