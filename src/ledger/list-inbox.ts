import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../contracts/clock.ts';
import type { Cells } from '../git/cell.ts';
import { blobOid, type ObjectStore } from '../git/object-store.ts';
import { codeOf } from '../git/process-lock.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { type InboxFile, isIgnoredName } from './inbox-file.ts';
import { INBOX } from './paths.ts';

export const INBOX_SPACE = 'inbox';

/** What waits on the ledger branch. */
export async function listCommitted(snapshot: Snapshot, store: ObjectStore): Promise<InboxFile[]> {
  const found: { path: string; oid: Oid; symlink: boolean }[] = [];
  for await (const { path, entry } of snapshot.walk(INBOX)) {
    if (!isIgnoredName(entry.name)) found.push({ path, oid: entry.oid, symlink: entry.mode === '120000' });
  }
  const sizes = await store.sizes(found.map(({ oid }) => oid));
  return found.map((file) => ({
    ...file,
    place: 'committed' as const,
    bytes: sizes.get(file.oid) ?? 0,
    read: () => snapshot.blob(file.oid),
  }));
}

/** Paths of what lies in the checkout, committed or not. Nothing is read yet. */
export async function listWorkTree(root: string): Promise<string[]> {
  return walkFolder(root, INBOX);
}

/** What other machines have dropped as cells. */
export async function listCells(cells: Cells): Promise<InboxFile[]> {
  const found = await cells.readAll(INBOX_SPACE);
  return [...found].map(([id, { commit, path, content }]) => ({
    path,
    place: 'cell' as const,
    bytes: content.length,
    oid: blobOid(content),
    symlink: false,
    cell: { id, commit },
    read: async () => content,
  }));
}

async function walkFolder(root: string, folder: string): Promise<string[]> {
  let entries: { name: string; isDirectory(): boolean }[];
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
  const visible = entries
    .filter((entry) => !isIgnoredName(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const paths: string[] = [];
  for (const entry of visible) {
    const path = `${folder}/${entry.name}`;
    // A symlink to a folder is a symlink, not a folder: nothing outside is ever read.
    if (entry.isDirectory()) paths.push(...(await walkFolder(root, path)));
    else paths.push(path);
  }
  return paths;
}

/**
 * Opens a file of the checkout, with its content unless it is too big to be a contract.
 * @returns undefined when it has vanished meanwhile, or is something that is no file at all
 */
export async function openWorkFile(
  root: string,
  path: string,
  clock: Clock,
  limit: number,
): Promise<InboxFile | undefined> {
  const full = join(root, path);
  try {
    const found = await lstat(full);
    const ageMs = clock.now().getTime() - found.mtimeMs;
    const base = { path, place: 'work-tree' as const, ageMs };
    if (found.isSymbolicLink()) {
      const target = Buffer.from(await readlink(full));
      return { ...base, bytes: target.length, oid: blobOid(target), symlink: true, read: async () => target };
    }
    if (!found.isFile()) return undefined;
    if (found.size > limit)
      return {
        ...base,
        bytes: found.size,
        oid: await streamedOid(full, found.size),
        symlink: false,
        read: () => readFile(full),
      };
    const content = await readFile(full);
    return {
      ...base,
      bytes: content.length,
      oid: blobOid(content),
      symlink: false,
      read: async () => content,
    };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function streamedOid(path: string, size: number): Promise<Oid> {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
