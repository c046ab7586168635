import type { Oid } from '../git/repository.ts';

/** A change that needs a human: files on a branch, and words about them. */
export interface ProposalDraft {
  /** `millwright/<topic>/<key>`: the branch, and the key under which it is remembered. */
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** The changed files, whole. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

/** What a forge knows of a proposal. */
export interface ForgeProposal {
  readonly id: string;
  readonly title: string;
  /** `closed`: a person said no, in the forge's own way. */
  readonly state: 'open' | 'closed';
  /** The commit of the branch as Millwright last made it. */
  readonly head: Oid;
  readonly openedAt: string;
  /** Why a person closed it, where they said so; never empty. */
  readonly reason?: string;
  /** Who closed it, where the forge knows. */
  readonly closedBy?: string;
  readonly body: string;
}

/**
 * Where proposals are shown to people and decided. The branch itself is git's business; a forge keeps the
 * words. One contract suite runs against every adapter.
 *
 * - `list` returns every proposal that is open, and those that a person closed and nobody has settled yet.
 * - `open` and `update` may be repeated with the same draft. They never open again what a person has closed.
 * - `settle` takes a decided proposal off the list; its decision is a record by then. It may be repeated.
 * - `openedSince` counts from the forge, never from memory, and counts what is settled by now as well.
 */
export interface Forge {
  readonly name: string;
  list(): Promise<ForgeProposal[]>;
  open(draft: ProposalDraft, head: Oid): Promise<void>;
  update(draft: ProposalDraft, head: Oid): Promise<void>;
  settle(id: string): Promise<void>;
  openedSince(since: Date): Promise<number>;
}
