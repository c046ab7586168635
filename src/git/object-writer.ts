import { writeBlob, writeCommit, writeObject } from 'isomorphic-git';
import { atomicFs } from './atomic-fs.ts';
import { diskFull } from './program.ts';
import type { Oid } from './repository.ts';
import { type TreeEntry, treeBody } from './tree.ts';

export interface CommitDraft {
  readonly tree: Oid;
  /** Explicit, always: a missing ref never turns into a root commit by accident. */
  readonly parents: readonly Oid[];
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly at: Date;
}

export async function writeBlobObject(gitdir: string, blob: Uint8Array): Promise<Oid> {
  return writing(() => writeBlob({ fs: atomicFs, gitdir, blob }));
}

/** The body is made here: names that are not UTF-8, as other people's files may have, keep their bytes. */
export async function writeTreeObject(gitdir: string, entries: readonly TreeEntry[]): Promise<Oid> {
  const object = treeBody(entries);
  return writing(() => writeObject({ fs: atomicFs, gitdir, type: 'tree', format: 'content', object }));
}

export async function writeCommitObject(gitdir: string, draft: CommitDraft): Promise<Oid> {
  const signature = signed(draft);
  const { tree, message } = draft;
  const commit = { tree, message, parent: [...draft.parents], author: signature, committer: signature };
  return writing(() => writeCommit({ fs: atomicFs, gitdir, commit }));
}

/** An author line has one shape: whoever chose the name cannot end it early or add a header. */
function signed({ author, at }: CommitDraft) {
  const [name, email] = [author.name, author.email].map((text) => text.replaceAll(/[<>\p{Cc}]/gu, '').trim());
  const timestamp = Math.floor(at.getTime() / 1000);
  return { name: name || 'Millwright', email: email ?? '', timestamp, timezoneOffset: 0 };
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
