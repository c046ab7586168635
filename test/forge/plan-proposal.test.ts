import { describe, expect, test } from 'vitest';
import { type ProposalFacts, type ProposalResult, planProposal } from '../../src/forge/plan-proposal.ts';

const yesOrNo = [true, false];
const all: ProposalFacts[] = (['none', 'fresh', 'stale', 'closed'] as const).flatMap((page) =>
  (['none', 'untouched', 'edited'] as const).flatMap((branch) =>
    yesOrNo.flatMap((inBase) =>
      yesOrNo.flatMap((behind) =>
        yesOrNo.flatMap((applies) =>
          yesOrNo.map((capReached) => ({ page, branch, inBase, behind, applies, capReached })),
        ),
      ),
    ),
  ),
);

/** Facts in the order in which the rules look at them; a field that is absent may be anything. */
const rules: readonly (readonly [string, Partial<ProposalFacts>, ProposalResult])[] = [
  ['the base has it, whatever became of page and branch', { inBase: true }, 'merged'],
  ['a person has closed the page', { page: 'closed' }, 'rejected'],
  ['a person has deleted the branch of an open page', { page: 'stale', branch: 'none' }, 'rejected'],
  ['its page knows the commit of a branch that is gone', { page: 'fresh', branch: 'none' }, 'rejected'],
  ['a person has worked on the branch', { branch: 'edited' }, 'edited-by-human'],
  ['the change cannot be made any more', { applies: false }, 'stuck'],
  ['the base has changed its file', { branch: 'untouched', behind: true }, 'updated'],
  ['its branch is there and its page is not', { branch: 'untouched', page: 'none' }, 'opened'],
  ['its page names an older commit', { branch: 'untouched', page: 'stale' }, 'updated'],
  ['everything is as it should be', { branch: 'untouched', page: 'fresh' }, 'unchanged'],
  ['enough are open', { capReached: true }, 'capped'],
  ['there is nothing of it yet', {}, 'opened'],
];

function fits(facts: ProposalFacts, rule: Partial<ProposalFacts>): boolean {
  return Object.entries(rule).every(([field, value]) => facts[field as keyof ProposalFacts] === value);
}

describe('what becomes of a proposal', () => {
  test('is said for all 192 combinations of facts by the first rule that fits.', () => {
    expect(all).toHaveLength(192);
    for (const facts of all) {
      const [words, , result] = rules.find(([, rule]) => fits(facts, rule)) ?? [];
      expect(planProposal(facts), `${words}: ${JSON.stringify(facts)}`).toBe(result);
    }
  });

  test.each(rules)('has a case in which it matters that %s.', (_words, rule, result) => {
    expect(all.filter((facts) => fits(facts, rule)).map(planProposal)).toContain(result);
  });

  const writing: readonly ProposalResult[] = ['opened', 'updated'];
  test('never writes where a person has decided or works, or where the change cannot be made.', () => {
    const handsOff = all.filter(
      ({ page, branch, inBase, applies }) => page === 'closed' || branch === 'edited' || inBase || !applies,
    );
    expect(handsOff.filter((facts) => writing.includes(planProposal(facts)))).toEqual([]);
  });

  test('never takes a branch without a word to somebody: only what is decided is tidied away.', () => {
    const decided = all.filter((facts) => ['merged', 'rejected'].includes(planProposal(facts)));
    expect(
      decided.filter(({ inBase, page, branch }) => !inBase && page !== 'closed' && branch !== 'none'),
    ).toEqual([]);
    expect(decided.filter(({ inBase, page }) => !inBase && page === 'none')).toEqual([]);
  });

  test('counts against the caps only what would be new.', () => {
    const capped = all.filter((facts) => planProposal(facts) === 'capped');
    expect(new Set(capped.map(({ page, branch }) => `${page} ${branch}`))).toEqual(new Set(['none none']));
  });
});
