import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeChain } from '../../src/audit/judge-chain.ts';
import { parseChain } from '../../src/audit/parse-chain.ts';
import type { Violation } from '../../src/audit/violation.ts';
import { cellOf, expiredAt, type Said } from './sample-queue.ts';

const steps = ['renew', 'release', 'run out', 'take over'] as const;
const ends = ['shipped', 'failed', 'dead', 'cancelled'] as const;
type Step = (typeof steps)[number];

describe('any life of a slot that keeps the rules', () => {
  test('has nothing against it.', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps)), fc.option(fc.constantFrom(...ends)), (said, end) => {
        expect(judge(lifeOf(said, end))).toEqual([]);
      }),
    );
  });

  test('does not keep them when a claim or a release in its middle is left out.', () => {
    const life = fc.array(fc.constantFrom(...steps), { minLength: 3 }).map((said) => lifeOf(said, 'shipped'));
    fc.assert(
      fc.property(life, fc.nat(), (whole, dice) => {
        const gaps = whole.flatMap((one, at) => (isTurn(whole[at - 1], one, whole[at + 1]) ? [at] : []));
        const left = gaps[dice % Math.max(1, gaps.length)];
        fc.pre(left !== undefined);
        const rest = whole.filter((_, at) => at !== left);
        expect(judge(rest)).not.toEqual([]);
      }),
    );
  });
});

describe('any text in a cell', () => {
  test('that is no claim is told, and breaks nothing.', () => {
    const text = fc.oneof(fc.string(), fc.json(), fc.constant('{"slot_id":"s","state":"claimed"}'));
    fc.assert(
      fc.property(text, (content) => {
        const { steps: read, violations } = parseChain(cellOf('s', {}, content, { state: 'shipped' }));
        expect([read.length, violations.map(({ rule }) => rule)]).toEqual([2, ['foreign-write']]);
      }),
    );
  });
});

/** What a cell says in such a life. A claim follows by itself where nobody holds the slot. */
function lifeOf(said: readonly Step[], end: (typeof ends)[number] | null): Said[] {
  const life: Said[] = [{ token: 1 }];
  for (const step of said) {
    const last = life.at(-1) as Said;
    const token = last.token ?? 1;
    const expired = expiredAt('s', life.length, token);
    if (last.state === 'released') life.push({ token: token + 1 });
    else if (step === 'renew') life.push({ token });
    else if (step === 'take over') life.push({ token: token + 1, expired });
    else life.push({ token, state: 'released', ...(step === 'run out' ? { expired } : {}) });
  }
  const last = life.at(-1) as Said;
  if (end === null || (last.state === 'released' && end !== 'cancelled')) return life;
  return [...life, { token: last.token ?? 1, state: end }];
}

/** A claim, or the release before one: without it the next one makes no sense, unless that renews it. */
function isTurn(before: Said | undefined, said: Said, next: Said | undefined): boolean {
  const renewed = next?.token === said.token && next?.state === undefined;
  return (
    before !== undefined &&
    next !== undefined &&
    !renewed &&
    (said.token !== before.token || said.state === 'released')
  );
}

function judge(said: readonly Said[]): Violation[] {
  const { steps: chain, violations } = parseChain(cellOf('s', ...said));
  return [...violations, ...judgeChain('s', chain)];
}
