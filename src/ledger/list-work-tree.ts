import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import type { Clock } from '../contracts/clock.ts';
import { blobOid } from '../git/blob-oid.ts';
import { decodePath, diskPath } from '../git/path-text.ts';
import { codeOf } from '../git/process-lock.ts';
import type { Oid } from '../git/repository.ts';
import { type InboxFile, isIgnoredName } from './inbox-file.ts';
import { INBOX } from './paths.ts';

export interface WorkTreeListing {
  readonly root: string;
  readonly clock: Clock;
  warn(message: string): void;
}

/** Paths of what lies in the checkout, committed or not. Nothing is read yet. */
export async function listWorkTree(listing: WorkTreeListing): Promise<string[]> {
  return (await leadsOutside(listing)) ? [] : walkFolder(listing, INBOX);
}

/** Files behind a symlink are somebody else's: they would be read, committed and removed. */
async function leadsOutside({ root, warn }: WorkTreeListing): Promise<boolean> {
  for (const folder of ['queue', INBOX]) {
    const found = await lstat(`${root}/${folder}`).catch(() => undefined);
    if (!found?.isSymbolicLink()) continue;
    warn(`${folder} is a symlink, so nothing is read behind it; make it a folder`);
    return true;
  }
  return false;
}

async function walkFolder(listing: WorkTreeListing, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readFolder(listing, folder)) {
    const name = decodePath(entry.name);
    if (isIgnoredName(name)) continue;
    const path = `${folder}/${name}`;
    // A symlink to a folder is a symlink, not a folder: nothing outside is ever read.
    if (!entry.isDirectory()) paths.push(path);
    else for (const below of await walkFolder(listing, path)) paths.push(below);
  }
  return paths;
}

/** Names are bytes on disk: one that is no text must not make its file invisible. */
async function readFolder(listing: WorkTreeListing, folder: string) {
  try {
    const full = diskPath(listing.root, folder);
    const entries = await readdir(full, { withFileTypes: true, encoding: 'buffer' });
    return entries.sort((a, b) => Buffer.compare(a.name, b.name));
  } catch (error) {
    warnUnreadable(listing, folder, error);
    return [];
  }
}

/**
 * Opens a file of the checkout, with its content unless it is too big to be a contract.
 * @returns undefined when it has vanished meanwhile, or cannot be taken in by this process
 */
export async function openWorkFile(listing: WorkTreeListing, path: string): Promise<InboxFile | undefined> {
  const full = diskPath(listing.root, path);
  try {
    const stats = await lstat(full);
    if (stats.isFile() || stats.isSymbolicLink()) return await waitingFile(listing, path, full, stats);
    listing.warn(`${path} is neither a file nor a folder, and stays where it is`);
  } catch (error) {
    warnUnreadable(listing, path, error);
  }
  return undefined;
}

/** One file that cannot be read does not keep the others waiting. */
function warnUnreadable({ warn }: WorkTreeListing, path: string, error: unknown): void {
  const code = codeOf(error);
  if (typeof code !== 'string') throw error;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') warn(`${path} cannot be read: ${code}`);
}

/** Larger files are not held: many of them may wait. */
const HELD_BYTES = 100_000;

async function waitingFile(
  { clock }: WorkTreeListing,
  path: string,
  full: string | Buffer,
  stats: Stats,
): Promise<InboxFile> {
  const shape = stats.isSymbolicLink() ? ('symlink' as const) : ('file' as const);
  const ageMs = clock.now().getTime() - stats.mtimeMs;
  const base = { path, place: 'work-tree' as const, shape, ageMs };
  if (shape === 'file' && stats.size > HELD_BYTES) {
    const oid = await fileOid(full, stats.size);
    // Written anew until then, it is taken as it is now, and stays: what is cleared is what was named here.
    return { ...base, bytes: stats.size, oid, read: () => readFile(full) };
  }
  const content = shape === 'symlink' ? await readlink(full, { encoding: 'buffer' }) : await readFile(full);
  return { ...base, bytes: content.length, oid: blobOid(content), read: async () => content };
}

/** The id that git gives to a file of this size, however large, without holding more than a little of it. */
export async function fileOid(path: string | Buffer, size: number): Promise<Oid> {
  if (size <= HELD_BYTES) return blobOid(await readFile(path));
  const hash = createHash('sha1').update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
