import { writeBlob, writeCommit, writeTree } from 'isomorphic-git';
import { atomicFs } from './atomic-fs.ts';
import type { CommitDraft } from './object-store.ts';
import { diskFull } from './program.ts';
import type { Oid } from './repository.ts';
import { isFolder, type TreeEntry } from './tree.ts';

export async function writeBlobObject(gitdir: string, blob: Uint8Array): Promise<Oid> {
  return writing(() => writeBlob({ fs: atomicFs, gitdir, blob }));
}

export async function writeTreeObject(gitdir: string, entries: readonly TreeEntry[]): Promise<Oid> {
  const tree = entries.map((entry) => ({
    path: entry.name,
    mode: entry.mode,
    oid: entry.oid,
    type: typeOf(entry),
  }));
  return writing(() => writeTree({ fs: atomicFs, gitdir, tree }));
}

export async function writeCommitObject(gitdir: string, draft: CommitDraft): Promise<Oid> {
  const signature = { ...draft.author, timestamp: Math.floor(draft.at.getTime() / 1000), timezoneOffset: 0 };
  const { tree, message } = draft;
  const commit = { tree, message, parent: [...draft.parents], author: signature, committer: signature };
  return writing(() => writeCommit({ fs: atomicFs, gitdir, commit }));
}

function typeOf(entry: TreeEntry): 'tree' | 'commit' | 'blob' {
  if (isFolder(entry)) return 'tree';
  return entry.mode === '160000' ? 'commit' : 'blob';
}

async function writing(write: () => Promise<Oid>): Promise<Oid> {
  try {
    return await write();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(String(code), error);
    throw error;
  }
}
