import { MillwrightError } from '../contracts/millwright-error.ts';
import type { ObjectStore } from './object-store.ts';
import type { Oid } from './repository.ts';
import { safeParts } from './safe-parts.ts';
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

/**
 * Writes the tree that `base` becomes under the edits, one after the other. Later edits win: a file takes
 * the place of a folder and the other way round. Folders left empty disappear. A file that is executable
 * stays so. Throws `unsafe-path` before anything is written, and `not-a-file` for an append to a folder.
 */
export async function applyEdits(store: ObjectStore, base: Oid, edits: readonly Edit[]): Promise<Oid> {
  if (edits.length === 0) return base;
  const parts = edits.map((edit) => safeParts(editedPath(edit)));
  const steps = (await packLarge(store, edits)).map((edit, at) => ({ edit, parts: parts[at] ?? [] }));
  const root = await openFolder(store, base);
  for (const { edit, parts } of steps) await applyOne(store, root, parts, edit);
  return store.writeTree(await writeNodes(store, root));
}

/** From so many bytes on, new files are stored as one pack and not one by one. */
const PACK_FROM = 1_000_000;

async function packLarge(store: ObjectStore, edits: readonly Edit[]): Promise<readonly Edit[]> {
  const contents = new Map<Edit, Uint8Array>();
  for (const edit of edits)
    if ('put' in edit && 'content' in edit) contents.set(edit, Buffer.from(edit.content));
  const bytes = [...contents.values()].reduce((sum, content) => sum + content.length, 0);
  if (bytes < PACK_FROM) return edits;
  const oids = await store.writePack([...contents.values()]);
  const stored = new Map([...contents.keys()].map((edit, at) => [edit, oids[at] ?? '']));
  return edits.map((edit) => {
    const oid = stored.get(edit);
    return oid !== undefined && 'put' in edit ? { put: edit.put, oid } : edit;
  });
}

/** A folder that an edit has reached, with what it will hold. Nothing is written before the last edit. */
type Folder = Map<string, Node>;

/** A file whose content is not written yet. */
interface Draft {
  readonly mode: Mode;
  readonly content: readonly Uint8Array[];
}

type Node = TreeEntry | Folder | Draft;

async function openFolder(store: ObjectStore, tree: Oid): Promise<Folder> {
  return new Map((await store.tree(tree)).map((entry) => [entry.name, entry]));
}

async function applyOne(store: ObjectStore, root: Folder, parts: string[], edit: Edit): Promise<void> {
  const name = parts.at(-1) ?? '';
  const folder = await reach(store, root, parts.slice(0, -1), !('remove' in edit));
  if (folder === undefined) return;
  if ('remove' in edit) folder.delete(name);
  else folder.set(name, await written(store, folder.get(name), edit));
}

/** Opens folders down to the one that is edited; undefined when it is not there and not to be made. */
async function reach(
  store: ObjectStore,
  root: Folder,
  parts: string[],
  make: boolean,
): Promise<Folder | undefined> {
  let folder = root;
  for (const part of parts) {
    const old = folder.get(part);
    const next = old === undefined ? undefined : await opened(store, old);
    if (next === undefined && !make) return undefined;
    const below: Folder = next ?? new Map();
    folder.set(part, below);
    folder = below;
  }
  return folder;
}

async function opened(store: ObjectStore, node: Node): Promise<Folder | undefined> {
  if (node instanceof Map) return node;
  return 'oid' in node && isFolder(node) ? openFolder(store, node.oid) : undefined;
}

async function written(
  store: ObjectStore,
  old: Node | undefined,
  edit: Exclude<Edit, { remove: string }>,
): Promise<Node> {
  const mode = old !== undefined && 'mode' in old && old.mode === '100755' ? '100755' : '100644';
  if ('append' in edit)
    return { mode, content: [...(await contentOf(store, old, edit.append)), Buffer.from(edit.content)] };
  if ('oid' in edit) return { name: '', mode: edit.mode ?? mode, oid: edit.oid };
  return { mode, content: [typeof edit.content === 'string' ? Buffer.from(edit.content) : edit.content] };
}

/** What an append adds to. A symlink is replaced, never followed; a folder is not thrown away. */
async function contentOf(
  store: ObjectStore,
  old: Node | undefined,
  path: string,
): Promise<readonly Uint8Array[]> {
  if (old === undefined || isEmptied(old)) return [];
  if (old instanceof Map || old.mode === '040000' || old.mode === '160000') throw notAFile(path);
  if ('content' in old) return old.content;
  return isRegularFile(old) ? [(await store.existing(old.oid)).body] : [];
}

/** True for a folder of which earlier edits have left nothing: it will not be there. */
function isEmptied(node: Node): boolean {
  return node instanceof Map && [...node.values()].every(isEmptied);
}

function notAFile(path: string): MillwrightError {
  return new MillwrightError('not-a-file', `expected a file to append to at ${path}, found a folder`, {
    data: { path },
  });
}

async function writeNodes(store: ObjectStore, folder: Folder): Promise<TreeEntry[]> {
  const entries = await Promise.all([...folder].map(([name, node]) => writeNode(store, name, node)));
  return entries.flatMap((entry) => entry ?? []);
}

async function writeNode(store: ObjectStore, name: string, node: Node): Promise<TreeEntry | undefined> {
  if (node instanceof Map) {
    const inside = await writeNodes(store, node);
    if (inside.length === 0) return undefined;
    return { name, mode: '040000', oid: await store.writeTree(inside) };
  }
  if ('oid' in node) return { ...node, name };
  return { name, mode: node.mode, oid: await store.writeBlob(Buffer.concat(node.content)) };
}
