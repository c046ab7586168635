import type { ObjectStore } from './object-store.ts';
import { readAgain } from './read-again.ts';
import type { RefTransport } from './ref-transport.ts';
import type { Oid } from './repository.ts';
import { Snapshot } from './snapshot.ts';
import { isFolder } from './tree.ts';

/** What a cell holds now: one file, and the commit that put it there. */
export interface CellValue {
  readonly commit: Oid;
  readonly path: string;
  readonly content: Buffer;
}

/** Where cells are read from. */
export interface CellSource {
  readonly transport: RefTransport;
  readonly store: ObjectStore;
}

/** What these refs hold; those that do not exist are left out. */
export async function readCells(
  options: CellSource,
  refs: readonly string[],
): Promise<Map<string, CellValue>> {
  if (refs.length === 0) return new Map();
  const found = await options.transport.read(refs);
  return readAgain(options.transport, refs, async () => {
    const values = [...found].map(
      async ([ref, commit]) => [ref, await readCell(options.store, commit)] as const,
    );
    return new Map(await Promise.all(values));
  });
}

/** A cell's tree holds one file, however deep. One that somebody made otherwise is taken all the same. */
async function readCell(store: ObjectStore, commit: Oid): Promise<CellValue> {
  const snapshot = new Snapshot(store, await store.treeOf(commit));
  for await (const { path, entry } of snapshot.walk('')) {
    if (!isFolder(entry)) return { commit, path, content: await snapshot.blob(entry.oid) };
  }
  return { commit, path: '', content: Buffer.alloc(0) };
}
