import { MillwrightError } from '../contracts/millwright-error.ts';
import { emptyTree, type ObjectStore } from './object-store.ts';
import type { Oid } from './repository.ts';
import { isFolder, isRegularFile, type Mode, type TreeEntry } from './tree.ts';

/** One change to a tree. `put` takes content, or the id of a blob that is already stored. */
export type Edit =
  | { readonly put: string; readonly content: string | Uint8Array }
  | { readonly put: string; readonly oid: Oid; readonly mode?: Mode }
  | { readonly remove: string }
  | { readonly append: string; readonly content: string };

export function editedPath(edit: Edit): string {
  if ('put' in edit) return edit.put;
  return 'remove' in edit ? edit.remove : edit.append;
}

/** A folder of changes: what to do with each name in it, and the folders below. */
interface Changes {
  readonly here: Map<string, Edit[]>;
  readonly below: Map<string, Changes>;
}

/** Writes the tree that `base` becomes under the edits, in order. Folders left empty disappear. */
export async function applyEdits(store: ObjectStore, base: Oid, edits: readonly Edit[]): Promise<Oid> {
  if (edits.length === 0) return base;
  const root: Changes = { here: new Map(), below: new Map() };
  for (const edit of edits) sort(root, edit);
  return store.writeTree(await changed(store, base, root));
}

function sort(root: Changes, edit: Edit): void {
  const parts = safeParts(editedPath(edit));
  const last = parts.pop() ?? '';
  let folder = root;
  for (const part of parts) {
    const next = folder.below.get(part) ?? { here: new Map(), below: new Map() };
    folder.below.set(part, next);
    folder = next;
  }
  folder.here.set(last, [...(folder.here.get(last) ?? []), edit]);
}

/** No path leaves the tree or enters a git folder, whoever computed it. */
function safeParts(path: string): string[] {
  const parts = path.split('/');
  const unsafe = parts.some(
    (part) => part === '' || part === '.' || part === '..' || /^\.git$/i.test(part) || part.includes('\0'),
  );
  if (unsafe)
    throw new MillwrightError(
      'unsafe-path',
      `expected a path inside the workspace, found ${JSON.stringify(path)}`,
    );
  return parts;
}

async function changed(store: ObjectStore, base: Oid, changes: Changes): Promise<TreeEntry[]> {
  const entries = new Map((await store.tree(base)).map((entry) => [entry.name, entry]));
  for (const [name, below] of changes.below) {
    const old = entries.get(name);
    const inside = await changed(store, old !== undefined && isFolder(old) ? old.oid : emptyTree, below);
    if (inside.length === 0) entries.delete(name);
    else entries.set(name, { name, mode: '040000', oid: await store.writeTree(inside) });
  }
  for (const [name, edits] of changes.here) {
    for (const edit of edits) {
      const next = await applyOne(store, name, entries.get(name), edit);
      if (next === undefined) entries.delete(name);
      else entries.set(name, next);
    }
  }
  return [...entries.values()];
}

async function applyOne(
  store: ObjectStore,
  name: string,
  old: TreeEntry | undefined,
  edit: Edit,
): Promise<TreeEntry | undefined> {
  if ('remove' in edit) return undefined;
  if ('append' in edit) {
    const before =
      old !== undefined && isRegularFile(old)
        ? ((await store.read(old.oid))?.body ?? Buffer.alloc(0))
        : Buffer.alloc(0);
    const oid = await store.writeBlob(Buffer.concat([before, Buffer.from(edit.content)]));
    return { name, mode: '100644', oid };
  }
  if ('oid' in edit) return { name, mode: edit.mode ?? '100644', oid: edit.oid };
  const content = typeof edit.content === 'string' ? Buffer.from(edit.content) : edit.content;
  return { name, mode: '100644', oid: await store.writeBlob(content) };
}
