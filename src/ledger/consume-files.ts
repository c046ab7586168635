import { mkdir, readFile, readlink, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { blobOid } from '../git/object-store.ts';
import { codeOf } from '../git/process-lock.ts';
import { git, gitBytes } from '../git/program.ts';
import type { InboxFile } from './inbox-file.ts';

/**
 * Takes uncommitted files off the work tree after what they hold has been committed. A file that was
 * written anew in the meantime stays and is looked at by the next pass.
 * @param movedTo for a file that stays on this machine, where it goes; absent: it is removed
 */
export async function consumeFile(root: string, file: InboxFile, movedTo?: string): Promise<void> {
  const full = join(root, file.path);
  try {
    if (
      file.symlink ? blobOid(Buffer.from(await readlink(full))) !== file.oid : !(await unchanged(full, file))
    )
      return;
    if (movedTo === undefined) return await rm(full, { force: true });
    await mkdir(dirname(join(root, movedTo)), { recursive: true });
    await rename(full, join(root, movedTo));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

async function unchanged(full: string, file: InboxFile): Promise<boolean> {
  const now = await stat(full);
  if (now.size !== file.bytes) return false;
  // A huge file is told by its size alone: hashing it again would not make the window smaller.
  return now.size > 50_000_000 || blobOid(await readFile(full)) === file.oid;
}

/** A file that a person had staged but not committed leaves the index as well, or it would come back with the next commit. */
export async function unstage(root: string, files: readonly InboxFile[]): Promise<void> {
  if (files.length === 0) return;
  const few = files.length <= 100 ? files.map(({ path }) => `:(top,literal)${path}`) : [':(top)queue/inbox'];
  const raw = (
    await gitBytes(
      ['diff-index', '--cached', '-z', '--raw', '--no-abbrev', '--diff-filter=A', 'HEAD', '--', ...few],
      { cwd: root },
    ).catch(() => Buffer.alloc(0))
  ).toString('utf8');
  const consumed = new Map(files.map(({ path, oid }) => [path, oid]));
  const fields = raw.split('\0');
  const lines: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const path = fields[at + 1] ?? '';
    if (consumed.get(path) === fields[at]?.split(' ')[3]) lines.push(`0 ${'0'.repeat(40)}\t${path}\0`);
  }
  if (lines.length > 0)
    await git(['update-index', '-z', '--index-info'], { cwd: root, input: lines.join('') });
}
