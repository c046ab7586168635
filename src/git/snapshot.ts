import type { ObjectStore } from './object-store.ts';
import type { Oid } from './repository.ts';
import { isFolder, type TreeEntry } from './tree.ts';

/** A read-only view of one tree. Paths use "/" and have no leading slash. */
export class Snapshot {
  readonly tree: Oid;
  readonly #store: ObjectStore;

  constructor(store: ObjectStore, tree: Oid) {
    this.#store = store;
    this.tree = tree;
  }

  /** The entries of a folder; none when there is no such folder. */
  async list(path: string): Promise<readonly TreeEntry[]> {
    const folder = path === '' ? this.tree : await this.#folder(path);
    return folder === undefined ? [] : this.#store.tree(folder);
  }

  async entry(path: string): Promise<TreeEntry | undefined> {
    let folder = this.tree;
    const parts = path.split('/');
    const last = parts.pop();
    for (const part of parts) {
      const next = (await this.#store.tree(folder)).find((entry) => entry.name === part);
      if (next === undefined || !isFolder(next)) return undefined;
      folder = next.oid;
    }
    return (await this.#store.tree(folder)).find((entry) => entry.name === last);
  }

  /** The content of a file; undefined when there is none. A symlink gives its target as text. */
  async bytes(path: string): Promise<Buffer | undefined> {
    const entry = await this.entry(path);
    if (entry === undefined || isFolder(entry) || entry.mode === '160000') return undefined;
    return this.blob(entry.oid);
  }

  async text(path: string): Promise<string | undefined> {
    return (await this.bytes(path))?.toString('utf8');
  }

  /** Throws `object-missing`. */
  async blob(oid: Oid): Promise<Buffer> {
    return (await this.#store.existing(oid)).body;
  }

  /** Says that these blobs are about to be read: a partial clone then brings them in one go. */
  async prefetch(oids: readonly Oid[]): Promise<void> {
    await this.#store.prefetch(oids);
  }

  /** Sizes of blobs in bytes, without reading them. */
  async sizes(oids: readonly Oid[]): Promise<Map<Oid, number>> {
    return this.#store.sizes(oids);
  }

  /** Every file below a folder, as paths from the root. */
  async *walk(path: string): AsyncGenerator<{ path: string; entry: TreeEntry }> {
    for (const entry of await this.list(path)) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (isFolder(entry)) yield* this.walk(below);
      else yield { path: below, entry };
    }
  }

  async #folder(path: string): Promise<Oid | undefined> {
    const entry = await this.entry(path);
    return entry !== undefined && isFolder(entry) ? entry.oid : undefined;
  }
}
