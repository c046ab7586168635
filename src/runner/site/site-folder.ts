import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MillwrightError } from '../../contracts/millwright-error.ts';

/** Says that a folder is a site, and which files are its own. */
export const SITE_MARKER = '.millwright-site';

/** The folders that a site has. */
const FOLDERS = ['reports', 'data'];
const ownPath = z.string().regex(/^(?:(?:reports|data)\/)?[\w-]+\.[a-z]+$/);
const marker = z.object({ files: z.array(ownPath) });

/**
 * Sees that a folder may be written: it is not there yet, is empty, is a site, or `force` is given. What leads out of
 * it is refused. Throws `file-exists`.
 * @returns the files of the site that is there
 */
export async function openSiteFolder(folder: string, force: boolean): Promise<string[]> {
  await mkdir(dirname(folder), { recursive: true });
  const there = await lstat(folder).catch(undefinedIfMissing);
  if (there === undefined) await mkdir(folder);
  else if (!there.isDirectory()) throw refused(folder, 'is no folder');
  const names = await readdir(folder);
  const own = await readMarker(folder);
  if (own === undefined && names.length > 0 && !force)
    throw refused(folder, 'is not empty, and Millwright did not make it');
  for (const name of FOLDERS) await assertPlainFolder(join(folder, name));
  return own ?? [];
}

async function readMarker(folder: string): Promise<string[] | undefined> {
  const path = join(folder, SITE_MARKER);
  const there = await lstat(path).catch(undefinedIfMissing);
  if (there?.isFile() !== true) return undefined;
  try {
    const read = marker.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return read.success ? read.data.files : undefined;
  } catch {
    return undefined;
  }
}

/** A link in its place would have files written elsewhere. */
async function assertPlainFolder(path: string): Promise<void> {
  const there = await lstat(path).catch(undefinedIfMissing);
  if (there !== undefined && !there.isDirectory()) throw refused(path, 'is no folder');
}

/** A file appears whole. A link that has its name is replaced, not followed. */
export async function writeSiteFile(folder: string, path: string, text: string): Promise<void> {
  const target = join(folder, ownPath.parse(path));
  await mkdir(dirname(target), { recursive: true });
  const unfinished = join(folder, `.${randomBytes(6).toString('hex')}.part`);
  try {
    await writeFile(unfinished, text, { flag: 'wx' });
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Takes files of an earlier site away that the present one does not have. */
export async function removeSiteFiles(folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await unlink(join(folder, ownPath.parse(path))).catch(undefinedIfMissing);
}

/** @param files in order, so that the same site has the same marker */
export async function markSite(folder: string, files: readonly string[]): Promise<void> {
  const path = join(folder, SITE_MARKER);
  const there = await lstat(path).catch(undefinedIfMissing);
  if (there !== undefined) await unlink(path);
  await writeFile(path, `${JSON.stringify({ files: files }, null, 2)}\n`, { flag: 'wx' });
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

function refused(path: string, why: string): MillwrightError {
  return new MillwrightError('file-exists', `${path} ${why}`, {
    hint: 'name a folder that is not there yet',
  });
}
