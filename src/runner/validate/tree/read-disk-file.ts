import { lstat, readFile } from 'node:fs/promises';
import { diskPath } from '../../../git/path-text.ts';
import { codeOf } from '../../../git/process-lock.ts';

/** A file of the checkout. Symlinks are never followed: what lies behind them is somebody else's. */
export type DiskFile =
  | { readonly shape: 'file'; readonly content: Buffer }
  | { readonly shape: 'too-big'; readonly bytes: number }
  | { readonly shape: 'symlink' | 'folder' | 'special' | 'unreadable' }
  /** Tracked, and deleted on the disk. */
  | { readonly shape: 'gone' };

/** @param limit a larger file is not read, bytes */
export async function readDiskFile(root: string, path: string, limit: number): Promise<DiskFile> {
  const full = diskPath(root, path);
  try {
    const stats = await lstat(full);
    if (stats.isSymbolicLink()) return { shape: 'symlink' };
    if (stats.isDirectory()) return { shape: 'folder' };
    if (!stats.isFile()) return { shape: 'special' };
    if (stats.size > limit) return { shape: 'too-big', bytes: stats.size };
    return { shape: 'file', content: await readFile(full) };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { shape: 'gone' };
    if (code === 'EACCES' || code === 'EPERM') return { shape: 'unreadable' };
    throw error;
  }
}
