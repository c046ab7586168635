import { NONCE_TRAILER } from '../../../git/commit-message.ts';
import type { Commit } from './read-commits.ts';
import { trailer } from './trailer.ts';

/** Marks what an agent has made, and what a proposal would change: Millwright commits both, and vouches for neither. */
const OTHERS_WORK = ['Millwright-Slot', 'Millwright-Proposal'];

/**
 * True for a commit as Millwright writes them to the ledger: by its own address, with its nonce, and by nobody else
 * since. Whoever amends or rebases a commit becomes its committer, at a time of their own.
 * @param email `author.email` of the settings on the base branch
 */
export function isLedgerCommit(commit: Commit, email: string): boolean {
  const { author, committer } = commit;
  if (author !== committer || author.replace(/ \d+$/, '') !== email) return false;
  if (!/^[0-9a-f]{16}$/.test(trailer(commit, NONCE_TRAILER) ?? '')) return false;
  return OTHERS_WORK.every((key) => trailer(commit, key) === undefined);
}
