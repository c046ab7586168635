import { blobOid } from '../git/blob-oid.ts';
import type { Cells } from '../git/cell.ts';
import type { ObjectStore } from '../git/object-store.ts';
import type { Oid } from '../git/repository.ts';
import { safeParts } from '../git/safe-parts.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { Mode, TreeEntry } from '../git/tree.ts';
import { type InboxFile, isIgnoredName, placeInInbox } from './inbox-file.ts';
import { INBOX } from './paths.ts';

export const INBOX_SPACE = 'inbox';

/** What waits on the ledger branch. A name that no checkout could hold is left where it is, with a warning. */
export async function listCommitted(
  snapshot: Snapshot,
  store: ObjectStore,
  warn: (message: string) => void,
): Promise<InboxFile[]> {
  const found: { path: string; oid: Oid; mode: Mode }[] = [];
  for await (const { path, entry } of snapshot.walk(INBOX)) {
    if (placeInInbox(path).some(isIgnoredName)) continue;
    if (isSafe(path) && (await isReachable(snapshot, path, entry)))
      found.push({ path, oid: entry.oid, mode: entry.mode });
    else warn(`${JSON.stringify(path)} is no path that git checks out; remove it from the ledger branch`);
  }
  const sizes = await store.sizes(found.filter(({ mode }) => mode !== '160000').map(({ oid }) => oid));
  return found.map(({ path, oid, mode }) => ({
    path,
    oid,
    place: 'committed' as const,
    shape: shapeOf(mode),
    bytes: sizes.get(oid) ?? 0,
    read: () => snapshot.blob(oid),
  }));
}

/** What other machines have dropped as cells. */
export async function listCells(cells: Cells): Promise<InboxFile[]> {
  const found = await cells.readAll(INBOX_SPACE);
  return [...found].map(([id, { commit, path, content }]) => ({
    path,
    place: 'cell' as const,
    bytes: content.length,
    oid: blobOid(content),
    shape: 'file' as const,
    cell: { id, commit },
    read: async () => content,
  }));
}

function shapeOf(mode: Mode): InboxFile['shape'] {
  if (mode === '160000') return 'submodule';
  return mode === '120000' ? 'symlink' : 'file';
}

/** A name with a slash in it reads like a path, and no edit of that path would ever reach it. */
async function isReachable(snapshot: Snapshot, path: string, entry: TreeEntry): Promise<boolean> {
  if (entry.name.includes('/')) return false;
  // At its proper depth, a path has no room for a folder with such a name.
  return placeInInbox(path).length === 2 || (await snapshot.entry(path))?.oid === entry.oid;
}

function isSafe(path: string): boolean {
  try {
    safeParts(path);
    return true;
  } catch {
    return false;
  }
}
