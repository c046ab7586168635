import { describe, expect, test } from 'vitest';
import { type BulletVotes, findHarmfulBullets } from '../../src/feedback/harmful-bullets.ts';
import { shippedPersona } from '../personas/shipped-personas.ts';

const solver = shippedPersona('solver').persona;
const [first, second] = solver.playbook.map(({ id }) => id);
const bullet = first ?? '';

const vote = (helpful: number, harmful: number, more: Partial<BulletVotes> = {}): BulletVotes => ({
  persona_id: 'solver',
  bullet,
  helpful,
  harmful,
  record_ids: ['r-1'],
  ...more,
});
const find = (votes: readonly BulletVotes[], persona = solver) => findHarmfulBullets(persona, votes, 0.1);

describe('a bullet that misleads', () => {
  test('is found when it harms more often than it helps by more than chance, with a reason that is a sentence.', () => {
    const { findings, comparisons, notEnough } = find([vote(1, 9)]);
    expect({ comparisons, notEnough }).toEqual({ comparisons: 1, notEnough: [] });
    // P(X >= 9) of 10 fair coins is 11 / 1024.
    expect(findings).toEqual([
      {
        type: 'retire_bullet',
        persona: 'solver',
        priority: 'medium',
        title: `solver: retire bullet ${bullet}`,
        deltas: [
          {
            op: 'remove_bullet',
            id: bullet,
            why: 'It misled 9 times and helped 1 times (p = 0.0107).',
          },
        ],
        evidence: [expect.objectContaining({ record_ids: ['r-1'], p_value: expect.closeTo(11 / 1_024, 12) })],
      },
    ]);
  });

  test.each([
    [0, 7],
    [7, 0],
    [3, 4],
  ])('is not judged on %d to %d: fewer than eight votes are not enough.', (helpful, harmful) => {
    expect(find([vote(helpful, harmful)])).toEqual({
      comparisons: 0,
      findings: [],
      watch: [],
      notEnough: [
        {
          title: `solver: bullet ${bullet} misled ${harmful} times and helped ${helpful} times`,
          n: 7,
          needed: 8,
        },
      ],
    });
  });

  test('is watched when it may mislead, and left in peace when it helps.', () => {
    // 8 of 11: p = 0.113; 9 of 12: p = 0.073, which is too much beside a second bullet.
    const pair = [vote(3, 9), vote(20, 1, { bullet: second ?? '' })];
    expect(find(pair).findings).toEqual([]);
    expect(find(pair).watch).toEqual([expect.objectContaining({ p_value: expect.closeTo(299 / 4_096, 12) })]);
    expect(find([vote(9, 1)])).toMatchObject({ findings: [], watch: [], comparisons: 1 });
  });

  test('has its votes of the past counted, which stand in the file.', () => {
    const persona = {
      ...solver,
      playbook: solver.playbook.map((item) =>
        item.id === bullet ? { ...item, helpful: 1, harmful: 5 } : item,
      ),
    };
    expect(find([vote(0, 4)], persona).findings).toHaveLength(1);
    expect(find([], persona).notEnough).toHaveLength(1);
  });

  test('has to be in the playbook of the persona that was voted on.', () => {
    expect(find([vote(0, 20, { bullet: 'gone' }), vote(0, 20, { persona_id: 'other' })])).toEqual({
      comparisons: 0,
      findings: [],
      watch: [],
      notEnough: [],
    });
  });

  test('is not spoken of without a vote.', () => {
    expect(find([])).toMatchObject({ notEnough: [], comparisons: 0 });
  });
});
