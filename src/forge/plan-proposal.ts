/**
 * What becomes of a proposal in a pass. Pure.
 *
 * - merged: the base has the content, whether by merge commit, squash, rebase or by hand.
 * - rejected: a person closed it, or deleted its branch. It is not offered again.
 * - edited-by-human: somebody else has worked on the branch; Millwright keeps its hands off.
 * - stuck: its change no longer applies to the base; a person has to look.
 * - capped: it waits because enough are open, or were opened today.
 * - opened, updated, unchanged: as they say.
 *
 * Two results are no plan for a wanted proposal, so they are not decided here: `closed-by-bot` (a program has closed
 * it, which is nobody's answer) and `orphaned` (it is open, and no record stands behind it). Both wait for a person.
 */
export type ProposalResult =
  | 'opened'
  | 'unchanged'
  | 'updated'
  | 'capped'
  | 'edited-by-human'
  | 'merged'
  | 'rejected'
  | 'stuck';

export interface ProposalFacts {
  /**
   * The forge's page. `fresh`: it names the branch's present commit. `merged`: somewhere else than in the base, or
   * in one that is newer than the one that was looked at.
   */
  readonly page: 'none' | 'fresh' | 'stale' | 'closed' | 'merged';
  readonly branch: 'none' | 'untouched' | 'edited';
  /** The base holds the content already. */
  readonly inBase: boolean;
  /** The base changed a file of the proposal since the branch was made. */
  readonly behind: boolean;
  /** The change can still be made on the present base. */
  readonly applies: boolean;
  readonly capReached: boolean;
}

export function planProposal(facts: ProposalFacts): ProposalResult {
  if (facts.inBase) return 'merged';
  if (facts.page === 'closed') return 'rejected';
  if (facts.page === 'merged') return 'unchanged';
  if (facts.page !== 'none' && facts.branch === 'none') return 'rejected';
  if (facts.branch === 'edited') return 'edited-by-human';
  if (!facts.applies) return 'stuck';
  if (facts.branch === 'untouched') {
    if (facts.behind) return 'updated';
    if (facts.page === 'none') return 'opened';
    return facts.page === 'stale' ? 'updated' : 'unchanged';
  }
  return facts.capReached ? 'capped' : 'opened';
}
