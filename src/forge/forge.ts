import type { Oid } from '../git/repository.ts';

/** A change that needs a human: files on a branch, and words about them. */
export interface ProposalDraft {
  /** `millwright/<topic>/<key>`: the branch, and the key under which it is remembered. */
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** The changed files, whole. */
  readonly files: readonly DraftFile[];
  /** Pictures that the body shows: they lie on the ledger branch, not on the proposal's own. */
  readonly pictures?: readonly DraftFile[];
}

export interface DraftFile {
  readonly path: string;
  readonly content: string;
}

/** What a forge knows of a proposal. */
export interface ForgeProposal {
  readonly id: string;
  readonly title: string;
  /**
   * `closed`: a person said no, in the forge's own way. `merged`: the forge says that it was merged, as `mergedAs`;
   * what that means is decided by what the base holds.
   */
  readonly state: 'open' | 'closed' | 'merged';
  readonly mergedAs?: Oid;
  /** The commit of the branch as Millwright last made it. */
  readonly head: Oid;
  readonly openedAt: string;
  /** Why a person closed it, where they said so; never empty. */
  readonly reason?: string;
  /** Who closed it, where the forge knows. */
  readonly closedBy?: string;
  /** A program closed it: that is nobody's answer. */
  readonly closedByBot?: true;
  /** It was not opened by Millwright, as far as anything on it says. */
  readonly foreign?: true;
  /** A person has opened it again after it was closed. */
  readonly reopened?: true;
  readonly body: string;
}

/**
 * Where proposals are shown to people and decided. The branch itself is git's business; a forge keeps the
 * words. One contract suite runs against every adapter.
 *
 * - `list` returns every proposal that is open, and of the undecided ones those that a person closed or merged.
 * - `open` and `update` may be repeated with the same draft. They never open again what a person has closed.
 * - `settle` takes a decided proposal off the list; its decision is a record by then. It may be repeated.
 * - `openedSince` counts from the forge, never from memory, and counts what is settled by now as well.
 *
 * A forge lives as long as one pass: what it has read once it need not read again.
 */
export interface Forge {
  readonly name: string;
  /** @param undecided ids of proposals without a recorded decision: a "no" to one of them is still to be told */
  list(undecided: readonly string[]): Promise<ForgeProposal[]>;
  open(draft: ProposalDraft, head: Oid): Promise<void>;
  update(draft: ProposalDraft, head: Oid): Promise<void>;
  /** @param words what became of it, for whoever looks at it on the forge later */
  settle(id: string, words?: string): Promise<void>;
  openedSince(since: Date): Promise<number>;
  /**
   * Has the forge merge a proposal as soon as its own rules allow it; absent where Millwright merges by git.
   * Says what came of it: asked, or why not.
   */
  merge?(id: string, head: Oid): Promise<MergeAnswer>;
  /** The address of a file, or of a line of it, at a commit, for people; absent where there is none. */
  permalink?(commit: Oid, path: string, line?: number): string;
  /** The address under which a body shows a picture that lies on the ledger branch; absent where it shows none. */
  picture?(path: string): string;
  /** One page about all proposals that takes orders; absent where there is none. */
  readonly board?: Board;
}

export type MergeAnswer =
  | { readonly result: 'merged' | 'waiting' }
  | { readonly result: 'refused'; readonly detail: string };

/** A proposal as the board shows it, by its typed result. */
export interface BoardRow {
  readonly id: string;
  readonly title: string;
  readonly result: string;
  readonly detail?: string;
  /** The commit of its branch, where there is one. */
  readonly head?: Oid;
}

/** What people have ordered on the board, by ids of proposals. Each order is carried out once. */
export interface BoardOrders {
  /** Open it now, past the caps; one that a program has closed is opened anew. */
  readonly open: readonly string[];
  /** Make its branch anew on the present base, whatever others have put there; void once the branch has moved. */
  readonly remake: readonly { readonly id: string; readonly head: Oid }[];
  /** Offer again what was rejected. */
  readonly reconsider: readonly string[];
}

export interface Board {
  orders(): Promise<BoardOrders>;
  /** Shows the rows, with every check box open again. @returns false when the board says all that already */
  show(rows: readonly BoardRow[], notes: readonly string[]): Promise<boolean>;
}
