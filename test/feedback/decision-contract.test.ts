import { expect, test } from 'vitest';
import type { PatchDecision } from '../../src/contracts/patch.ts';
import { decisionContract, wordsOf } from '../../src/feedback/record-decision.ts';

const words = (decision: PatchDecision['decision']): PatchDecision => ({
  patch_id: '01k9patch',
  proposal_id: 'millwright/persona-solver/0123456789ab',
  decision,
  decided_by: 'Ada <ada@example.org>',
  reason: 'too early',
  decided_at: '2026-11-21T00:00:00.000Z',
});
const contract = (
  decision: PatchDecision['decision'],
  latest?: { id: string; decision: PatchDecision['decision'] },
) => decisionContract('forge:local', words(decision), latest);

test('Two runners that see the same decision write the same record, whatever else was decided before.', () => {
  const first = contract('rejected');
  expect(contract('applied').id).toBe(first.id);
  expect(contract('applied', { id: first.id, decision: 'rejected' }).id).toBe(first.id);
});

test('A refusal that is taken back, and the decision after that, are records of their own.', () => {
  const refusal = contract('rejected');
  const back = contract('reconsidered', { id: refusal.id, decision: 'rejected' });
  const second = contract('rejected', { id: back.id, decision: 'reconsidered' });
  const again = contract('reconsidered', { id: second.id, decision: 'rejected' });
  expect(new Set([refusal, back, second, again].map(({ id }) => id)).size).toBe(4);
  expect(contract('reconsidered', { id: refusal.id, decision: 'rejected' }).id).toBe(back.id);
});

test('What is said on the forge names who decided, and what follows from it.', () => {
  expect(wordsOf(words('rejected'))).toBe(
    'Rejected by Ada: too early. It is not offered again until its content changes. To take that back, restore its branch with the button here and then reopen it, or tick its box on the dashboard.',
  );
  expect(wordsOf({ ...words('applied'), commit_hash: 'a'.repeat(40) })).toBe(
    `Its change is in the base branch since ${'a'.repeat(40)}, by Ada.`,
  );
});
