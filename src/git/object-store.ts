import { MillwrightError } from '../contracts/millwright-error.ts';
import { blobOid } from './blob-oid.ts';
import { type CommitDraft, commitBody } from './commit-body.ts';
import { type GitObject, ObjectReader } from './object-reader.ts';
import { prefetchBlobs } from './prefetch-blobs.ts';
import { gitText } from './program.ts';
import type { NewObject } from './ref-transport.ts';
import type { Oid, Repository } from './repository.ts';
import { parseTree, type TreeEntry, treeBody } from './tree.ts';

/** Some thousand claims. */
const MOST_REMEMBERED = 20_000;

export const emptyTree: Oid = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Git's objects: written in this process by isomorphic-git, read through `git cat-file`. */
export class ObjectStore {
  readonly #repository: Repository;
  readonly #reader: ObjectReader;
  /** Parsed trees by id. Trees never change, so the cache is only bounded, never wrong. */
  readonly #trees = new Map<Oid, readonly TreeEntry[]>();

  /** Objects that another repository has and this one has not stored: the claims of this process. */
  readonly #remembered = new Map<Oid, NewObject>();

  constructor(repository: Repository) {
    this.#repository = repository;
    this.#reader = new ObjectReader(repository.root);
  }

  async read(name: string): Promise<GitObject | undefined> {
    const known = this.#remembered.get(name);
    if (known === undefined) return this.#reader.read(name);
    return { oid: known.oid, type: known.type, body: Buffer.from(known.body) };
  }

  /** Keeps objects in memory, where `read` finds them. The oldest are forgotten: the server has them. */
  remember(objects: readonly NewObject[]): void {
    for (const object of objects) this.#remembered.set(object.oid, object);
    for (const oid of this.#remembered.keys()) {
      if (this.#remembered.size <= MOST_REMEMBERED) return;
      this.#remembered.delete(oid);
    }
  }

  /**
   * An object that has to be there. Throws `object-missing`: a broken or partial copy must never pass for
   * an empty file or folder, because the next commit would then throw its content away.
   */
  async existing(oid: Oid): Promise<GitObject> {
    const found = await this.read(oid);
    if (found === undefined) throw objectMissing(oid);
    return found;
  }

  /** The tree of a commit. Throws `object-missing`. */
  async treeOf(commit: Oid): Promise<Oid> {
    const { body } = await this.existing(commit);
    const tree = /^tree ([0-9a-f]{40})\n/.exec(body.toString('latin1', 0, 46))?.[1];
    if (tree === undefined) throw objectMissing(commit);
    return tree;
  }

  async tree(oid: Oid): Promise<readonly TreeEntry[]> {
    const cached = this.#trees.get(oid);
    if (cached !== undefined) return cached;
    const entries = oid === emptyTree ? [] : await this.#parsedTree(oid);
    if (this.#trees.size > 2_000) this.#trees.clear();
    this.#trees.set(oid, entries);
    return entries;
  }

  /** Brings blobs here that are about to be read, where the repository is a partial clone. */
  async prefetch(oids: readonly Oid[]): Promise<void> {
    await prefetchBlobs(this.#repository, oids);
  }

  /** Sizes in bytes, asked in one go and without reading the content. What is not there is left out. */
  async sizes(oids: readonly Oid[]): Promise<Map<Oid, number>> {
    if (oids.length === 0) return new Map();
    const input = `${oids.join('\n')}\n`;
    const text = await gitText(['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
      cwd: this.#repository.root,
      input,
    });
    const lines = text.split('\n').filter((line) => !line.endsWith(' missing'));
    return new Map(lines.map((line) => [line.slice(0, 40), Number(line.slice(41))]));
  }

  async writeBlob(content: Uint8Array): Promise<Oid> {
    return this.#write('blob', content);
  }

  /** Many blobs at once, as one pack. */
  async writePack(contents: readonly Uint8Array[]): Promise<Oid[]> {
    const { storePack } = await import('./store-pack.ts');
    await storePack(
      this.#repository.root,
      contents.map((body) => ({ type: 'blob', body })),
    );
    return contents.map(blobOid);
  }

  async writeTree(entries: readonly TreeEntry[]): Promise<Oid> {
    return this.#write('tree', treeBody(entries));
  }

  async writeCommit(draft: CommitDraft): Promise<Oid> {
    return this.#write('commit', commitBody(draft));
  }

  close(): void {
    this.#reader.close();
  }

  /** The writer is loaded on the first write: a pass that has nothing to do never pays for it. */
  async #write(type: NewObject['type'], body: Uint8Array): Promise<Oid> {
    const { writeLooseObject } = await import('./object-writer.ts');
    return writeLooseObject(this.#repository.commonDir, type, body);
  }

  async #parsedTree(oid: Oid): Promise<TreeEntry[]> {
    const found = await this.existing(oid);
    if (found.type !== 'tree') throw objectMissing(oid);
    return parseTree(found.body);
  }
}

function objectMissing(oid: Oid): MillwrightError {
  return new MillwrightError('object-missing', `object ${oid} is missing from the repository or damaged`, {
    hint: 'run "git fsck" to see what is missing; a fresh clone or "git fetch --refetch" brings it back',
    data: { oid },
  });
}
