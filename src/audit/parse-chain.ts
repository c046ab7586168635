import type { CellCommit, CellEvidence } from './evidence.ts';
import { type ClaimStatement, claimStatement } from './statements.ts';
import type { Violation } from './violation.ts';

/** One thing that a cell has said. */
export interface ChainStep {
  readonly claim: ClaimStatement;
  /** The commit that said it; several when it was put back on top of something else. */
  readonly commits: readonly string[];
}

export interface Chain {
  readonly slot: string;
  readonly tip: string;
  /** Oldest first. */
  readonly steps: readonly ChainStep[];
  readonly violations: readonly Violation[];
}

/**
 * Reads a cell's claims off its commits. Everything but a line of commits with a claim of the ref's own slot in
 * each is a violation. Pure.
 */
export function parseChain({ slot, tip, commits }: CellEvidence): Chain {
  const violations = shapeOf(slot, tip, commits);
  const steps: ChainStep[] = [];
  let strange = false;
  for (const { commit, content } of commits) {
    const claim = content === undefined ? undefined : parsed(content);
    const last = steps.at(-1);
    if (claim?.slot_id !== slot) {
      if (!strange) violations.push(foreign(slot, commit, claim?.slot_id));
      strange = true;
      continue;
    }
    const again = strange && last !== undefined && isSame(last.claim, claim);
    if (again) steps.pop();
    steps.push({ claim, commits: again ? [...last.commits, commit] : [commit] });
    strange = false;
  }
  return { slot, tip, steps, violations };
}

function shapeOf(slot: string, tip: string, commits: readonly CellCommit[]): Violation[] {
  if (commits.length === 0)
    return [{ rule: 'bad-cell', slot, where: tip, found: 'no commit', expected: 'a commit with a claim' }];
  return commits
    .filter(({ parents }) => parents.length > 1)
    .map(({ commit, parents }) => ({
      rule: 'bad-cell',
      slot,
      where: commit,
      found: `a merge of ${parents.length} commits`,
      expected: 'one line of commits',
    }));
}

/** A pass that finds something else in a cell puts the last claim back on top. */
function isSame(one: ClaimStatement, other: ClaimStatement): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function parsed(content: string): ClaimStatement | undefined {
  try {
    const read = claimStatement.safeParse(JSON.parse(content));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

function foreign(slot: string, where: string, other: string | undefined): Violation {
  const found = other === undefined ? 'something that is no claim' : `a claim of ${other}`;
  return { rule: 'foreign-write', slot, where, found, expected: `a claim of ${slot}` };
}
