import { describe, expect, test } from 'vitest';
import { evaluate, interpolate, isWanted } from './actions/evaluate.ts';

const around = (contexts: Record<string, unknown>, hasFailed = false) => ({
  contexts,
  hasFailed,
  hashFiles: (patterns: readonly string[]) => patterns.join('+'),
});

const braced = (expression: string) => `\${{ ${expression} }}`;

describe('expressions', () => {
  test('are evaluated as on GitHub: a missing field is null, and types stay.', () => {
    const here = around({ vars: { A: 'x' }, github: { event: {} } });
    expect(evaluate("vars.A == 'X' && !github.event.repository.fork", here)).toBe(true);
    expect(evaluate("vars.B != ''", here)).toBe(false);
    expect(interpolate(braced("fromJSON(vars.B || '[1, 2]')"), here)).toEqual([1, 2]);
    expect(interpolate(`a-${braced('vars.A')}-${braced('vars.B')}`, here)).toBe('a-x-');
    expect(interpolate(braced("hashFiles('a', 'b')"), here)).toBe('a+b');
  });

  test('of an if ask that nothing has failed, unless they ask for the status themselves.', () => {
    const failed = around({ vars: {} }, true);
    expect(isWanted(undefined, failed)).toBe(false);
    expect(isWanted('true', failed)).toBe(false);
    expect(isWanted('always()', failed)).toBe(true);
    expect(isWanted(braced('failure()'), failed)).toBe(true);
    expect(isWanted("vars.A == ''", around({ vars: {} }))).toBe(true);
  });
});
