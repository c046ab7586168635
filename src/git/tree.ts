import { decodePath, encodePath } from './path-text.ts';
import type { Oid } from './repository.ts';

export type Mode = '100644' | '100755' | '120000' | '040000' | '160000';

export interface TreeEntry {
  readonly name: string;
  readonly mode: Mode;
  readonly oid: Oid;
}

/** The entries of a raw tree object, in git's order. */
export function parseTree(body: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(32, at);
    const zero = body.indexOf(0, space);
    entries.push({
      mode: body.toString('latin1', at, space).padStart(6, '0') as Mode,
      name: decodePath(body.subarray(space + 1, zero)),
      oid: body.toString('hex', zero + 1, zero + 21),
    });
    at = zero + 21;
  }
  return entries;
}

/** The raw tree object for these entries, in any order: sorted by bytes, folders as if they ended in "/". */
export function treeBody(entries: readonly TreeEntry[]): Buffer {
  const named = entries.map((entry) => ({ entry, name: encodePath(entry.name) }));
  const keyed = named.map((one) => ({ ...one, key: isFolder(one.entry) ? slashed(one.name) : one.name }));
  keyed.sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(
    keyed.flatMap(({ entry, name }) => [
      Buffer.from(`${entry.mode.replace(/^0/, '')} `),
      name,
      Buffer.of(0),
      Buffer.from(entry.oid, 'hex'),
    ]),
  );
}

function slashed(name: Buffer): Buffer {
  return Buffer.concat([name, Buffer.from('/')]);
}

export function isFolder(entry: TreeEntry): boolean {
  return entry.mode === '040000';
}

/** True for files that Millwright may read as text: no symlinks, no submodules. */
export function isRegularFile(entry: TreeEntry): boolean {
  return entry.mode === '100644' || entry.mode === '100755';
}
