import type { Oid } from './repository.ts';

/** Moves one ref from `expected` to `next`. null: the ref must not exist, or is deleted. */
export interface RefUpdate {
  readonly ref: string;
  readonly expected: Oid | null;
  readonly next: Oid | null;
}

/**
 * What became of one update. `lost`: the ref was not at `expected`; an answer, not an error.
 * `refused`: a hook, a protection or the server's rules; trying again as it is will not help.
 */
export type RefVerdict =
  | { readonly result: 'moved' }
  | { readonly result: 'lost'; readonly detail: string }
  | { readonly result: 'refused'; readonly detail: string; readonly hint: string };

/** The answer to an update from nothing to nothing: it cannot be this call that removed the ref. */
export const nothingToDelete: RefVerdict = { result: 'lost', detail: 'there was nothing to delete' };

/** The answer for a ref about which the other side said nothing: the connection broke, most likely. */
export const noAnswer: RefVerdict = { result: 'lost', detail: 'the other side gave no answer for this ref' };

/** A ref cannot have the name of a folder of refs, nor lie below another ref. */
export const nameInTheWay =
  'another branch has a name that leaves no room for this one: rename that branch, or choose another name in millwright.yaml';

/**
 * Where refs live and are compared and swapped. One contract suite runs against every transport.
 *
 * - `push` answers for each update by itself, in the order given. `moved` means that *this* call moved it.
 *   It throws only when nothing can be said about any of them; then the caller looks for its own commit.
 * - `read` is the truth at the moment of asking, never a cache, and leaves the objects of what it
 *   names in the local store.
 */
export interface RefTransport {
  /** For messages: "this repository", or the remote's address without credentials. */
  readonly name: string;
  read(refs: readonly string[]): Promise<Map<string, Oid>>;
  /** Names and targets of all refs below a prefix that ends in "/". Fetches no objects. */
  list(prefix: string): Promise<Map<string, Oid>>;
  push(updates: readonly RefUpdate[]): Promise<RefVerdict[]>;
}
