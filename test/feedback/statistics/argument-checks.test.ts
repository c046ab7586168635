import { describe, expect, it } from 'vitest';
import { requireBetween, requireCount } from '../../../src/feedback/statistics/argument-checks.ts';

describe('an argument check', () => {
  it('says which argument is wrong, what was expected and what was found', () => {
    expect(() => requireCount('wins', -3)).toThrow(
      expect.objectContaining({
        code: 'bad-argument',
        message: 'wins must be an integer >= 0, found -3',
        data: { name: 'wins', expected: 'an integer >= 0', found: -3 },
      }),
    );
  });

  it('accepts both ends of a range', () => {
    expect(() => requireBetween('p', 0, 0, 1)).not.toThrow();
    expect(() => requireBetween('p', 1, 0, 1)).not.toThrow();
  });

  it('refuses counts that are too large to be exact', () => {
    expect(() => requireCount('n', 2 ** 53)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});
