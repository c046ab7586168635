import { lstat, mkdir, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { blobOid } from '../git/blob-oid.ts';
import { decodePath, diskPath, encodePath, isUtf8 } from '../git/path-text.ts';
import { codeOf } from '../git/process-lock.ts';
import { git } from '../git/program.ts';
import type { InboxFile } from './inbox-file.ts';
import { fileOid } from './list-work-tree.ts';

/**
 * Clears a file that is not committed, after what it holds has been. One that was written anew in the
 * meantime stays and is looked at by the next pass.
 * @param movedTo for a file that stays on this machine, where it goes
 */
export async function consumeFile(root: string, file: InboxFile, movedTo?: string): Promise<void> {
  if (file.place === 'work-tree') await consumeLoose(root, file, movedTo);
  else if (file.place === 'cell' && movedTo !== undefined) await keepHere(root, file, movedTo);
}

async function consumeLoose(root: string, file: InboxFile, movedTo?: string): Promise<void> {
  const full = diskPath(root, file.path);
  try {
    if (!(await isUnchanged(full, file))) return;
    if (movedTo === undefined) return await rm(full, { force: true });
    await mkdir(dirname(join(root, movedTo)), { recursive: true });
    await rename(full, join(root, movedTo));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** The cell is about to go, and its content must not be committed: this machine is where it stays. */
async function keepHere(root: string, file: InboxFile, movedTo: string): Promise<void> {
  await mkdir(dirname(join(root, movedTo)), { recursive: true });
  await writeFile(join(root, movedTo), await file.read());
}

async function isUnchanged(full: string | Buffer, file: InboxFile): Promise<boolean> {
  const now = await lstat(full);
  if (file.shape === 'symlink')
    return now.isSymbolicLink() && blobOid(await readlink(full, { encoding: 'buffer' })) === file.oid;
  if (!now.isFile() || now.size !== file.bytes) return false;
  // A huge file is told by its size alone: hashing it again would not make the window smaller.
  return now.size > 50_000_000 || (await fileOid(full, now.size)) === file.oid;
}

/** A file that a person had staged but not committed leaves the index as well, or it would come back with the next commit. */
export async function unstage(root: string, files: readonly InboxFile[]): Promise<void> {
  if (files.length === 0) return;
  const consumed = new Map(files.map(({ path, oid }) => [path, oid]));
  const gone = (await stagedFiles(root, [...consumed.keys()])).filter(
    ({ path, oid }) => consumed.get(path) === oid,
  );
  if (gone.length === 0) return;
  const lines = gone.flatMap(({ path }) => [
    Buffer.from(`0 ${'0'.repeat(40)}\t`),
    encodePath(path),
    Buffer.of(0),
  ]);
  await git(['update-index', '-z', '--index-info'], { cwd: root, input: Buffer.concat(lines) });
}

/** Files that are in the index and not in the commit that is checked out. Nothing, where there is no commit. */
async function stagedFiles(root: string, paths: readonly string[]) {
  const named = paths.length <= 100 && paths.every(isUtf8);
  const only = named ? paths.map((path) => `:(top,literal)${path}`) : [':(top)queue/inbox'];
  const options = ['--cached', '-z', '--raw', '--no-abbrev', '--diff-filter=A'];
  const answer = await git(['diff-index', ...options, 'HEAD', '--', ...only], { cwd: root });
  if (answer.code !== 0) return [];
  const fields = answer.stdout.toString('latin1').split('\0');
  return fields.flatMap((field, at) => {
    const oid = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) A$/.exec(field)?.[1];
    return oid === undefined ? [] : [{ oid, path: decodePath(Buffer.from(fields[at + 1] ?? '', 'latin1')) }];
  });
}
