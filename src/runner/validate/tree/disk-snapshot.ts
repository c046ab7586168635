import { newObject } from '../../../git/object-oid.ts';
import type { ObjectStore } from '../../../git/object-store.ts';
import type { NewObject } from '../../../git/ref-transport.ts';
import { Snapshot } from '../../../git/snapshot.ts';
import { type Mode, type TreeEntry, treeBody } from '../../../git/tree.ts';
import { groupBy } from '../group-by.ts';

export interface DiskBlob {
  readonly mode: Mode;
  readonly content: Uint8Array;
}

/**
 * Files of the disk as a snapshot that lives in memory only, so that whoever reads commits reads them with the same
 * code. Nothing is written to the repository.
 */
export function diskSnapshot(store: ObjectStore, files: ReadonlyMap<string, DiskBlob>): Snapshot {
  const objects: NewObject[] = [];
  const root = folderOf(
    objects,
    [...files].map(([path, blob]) => ({ parts: path.split('/'), blob })),
  );
  store.remember(objects);
  return new Snapshot(store, root);
}

interface Placed {
  readonly parts: readonly string[];
  readonly blob: DiskBlob;
}

function folderOf(objects: NewObject[], files: readonly Placed[]): string {
  const entries: TreeEntry[] = [];
  for (const [name, mine] of groupBy(files, ({ parts }) => parts[0] ?? '')) {
    const [first] = mine;
    if (first?.parts.length === 1) entries.push({ name, ...blobOf(objects, first.blob) });
    else entries.push({ name, mode: '040000', oid: folderOf(objects, mine.map(inside)) });
  }
  const tree = newObject('tree', treeBody(entries));
  objects.push(tree);
  return tree.oid;
}

function blobOf(objects: NewObject[], { mode, content }: DiskBlob): { mode: Mode; oid: string } {
  const blob = newObject('blob', content);
  objects.push(blob);
  return { mode, oid: blob.oid };
}

function inside({ parts, blob }: Placed): Placed {
  return { parts: parts.slice(1), blob };
}
