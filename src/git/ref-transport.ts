import type { Oid } from './repository.ts';

/** Moves one ref from `expected` to `next`. null: the ref must not exist, or is deleted. */
export interface RefUpdate {
  readonly ref: string;
  readonly expected: Oid | null;
  readonly next: Oid | null;
}

/**
 * What became of one update. `lost`: the ref was not at `expected`; an answer, not an error. `certain`: the
 * server has seen this push once only. A client that may send it twice, as git's does, cannot know.
 * `refused`: a hook, a protection or the server's rules; trying again as it is will not help.
 */
export type RefVerdict =
  | { readonly result: 'moved' }
  | { readonly result: 'lost'; readonly detail: string; readonly certain?: true }
  | { readonly result: 'refused'; readonly detail: string; readonly hint: string };

/** An object that was made in memory and that the repository may not hold yet. */
export interface NewObject {
  readonly oid: Oid;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly body: Uint8Array;
}

/** The wall clock of the server lies between these two instants at the moment of asking. */
export interface ServerTime {
  readonly earliest: Date;
  readonly latest: Date;
}

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
  /** @param again true: what they name is fetched although it seems to be here; part of it may be missing */
  read(refs: readonly string[], again?: boolean): Promise<Map<string, Oid>>;
  /** Names and targets of these refs, and of all below those that end in "/". Fetches no objects. */
  look(refs: readonly string[]): Promise<Map<string, Oid>>;
  /** @param objects what the updates need and the repository may not hold yet; absent: it holds everything */
  push(updates: readonly RefUpdate[], objects?: readonly NewObject[]): Promise<RefVerdict[]>;
  /** The server's clock as of its last answer; undefined where no answer carries a time (a path, ssh). */
  serverTime?(): ServerTime | undefined;
}
