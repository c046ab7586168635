import { createHash } from 'node:crypto';
import { type GitObject, ObjectReader } from './object-reader.ts';
import { gitText } from './program.ts';
import type { Oid, Repository } from './repository.ts';
import { parseTree, type TreeEntry } from './tree.ts';

export interface CommitDraft {
  readonly tree: Oid;
  /** Explicit, always: a missing ref never turns into a root commit by accident. */
  readonly parents: readonly Oid[];
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly at: Date;
}

export const emptyTree: Oid = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Git's objects: written in this process by isomorphic-git, read through `git cat-file`. */
export class ObjectStore {
  readonly #repository: Repository;
  readonly #reader: ObjectReader;
  /** Parsed trees by id. Trees never change, so the cache is only bounded, never wrong. */
  readonly #trees = new Map<Oid, readonly TreeEntry[]>();

  constructor(repository: Repository) {
    this.#repository = repository;
    this.#reader = new ObjectReader(repository.root);
  }

  read(name: string): Promise<GitObject | undefined> {
    return this.#reader.read(name);
  }

  async tree(oid: Oid): Promise<readonly TreeEntry[]> {
    const cached = this.#trees.get(oid);
    if (cached !== undefined) return cached;
    const found = oid === emptyTree ? undefined : await this.#reader.read(oid);
    const entries = found?.type === 'tree' ? parseTree(found.body) : [];
    if (this.#trees.size > 2_000) this.#trees.clear();
    this.#trees.set(oid, entries);
    return entries;
  }

  /** Sizes in bytes, asked in one go and without reading the content. */
  async sizes(oids: readonly Oid[]): Promise<Map<Oid, number>> {
    if (oids.length === 0) return new Map();
    const input = `${oids.join('\n')}\n`;
    const text = await gitText(['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
      cwd: this.#repository.root,
      input,
    });
    return new Map(text.split('\n').map((line) => [line.slice(0, 40), Number(line.slice(41))]));
  }

  async writeBlob(content: Uint8Array): Promise<Oid> {
    return (await writer()).writeBlobObject(this.#repository.commonDir, content);
  }

  /** Streams a file of any size into a blob without holding it in memory. */
  async writeFile(path: string): Promise<Oid> {
    return gitText(['hash-object', '-w', '--no-filters', '--', path], { cwd: this.#repository.root });
  }

  async writeTree(entries: readonly TreeEntry[]): Promise<Oid> {
    return (await writer()).writeTreeObject(this.#repository.commonDir, entries);
  }

  async writeCommit(draft: CommitDraft): Promise<Oid> {
    return (await writer()).writeCommitObject(this.#repository.commonDir, draft);
  }

  close(): void {
    this.#reader.close();
  }
}

/** The id that git gives to a blob with this content. */
export function blobOid(content: Uint8Array): Oid {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** Loaded on the first write: a pass that has nothing to do never pays for it. */
function writer(): Promise<typeof import('./object-writer.ts')> {
  return import('./object-writer.ts');
}
