import { describe, expect, test } from 'vitest';
import { judgeChain } from '../../src/audit/judge-chain.ts';
import { parseChain } from '../../src/audit/parse-chain.ts';
import type { Violation } from '../../src/audit/violation.ts';
import { cellOf, expiredAt, type Said } from './sample-queue.ts';

const takeover: Said = { token: 2, expired: expiredAt('s', 1, 1) };
const release: Said = { state: 'released' };

describe('a cell that keeps the rules', () => {
  test.each<[string, readonly (Said | string | null)[]]>([
    ['that is claimed', [{}]],
    ['that is renewed', [{}, {}, {}]],
    ['that is claimed, released and claimed again', [{}, release, { token: 2 }]],
    ['whose lease ran out, and that another took over', [{}, takeover, { token: 2 }]],
    ['whose lease ran out, and that a pass gave back', [{}, { ...release, expired: expiredAt('s', 1, 1) }]],
    [
      'that another gave back with proof',
      [{}, { ...release, worker_id: 'w9', expired: expiredAt('s', 1, 1) }],
    ],
    ['whose last attempt ran out', [{}, { state: 'dead', expired: expiredAt('s', 1, 1) }]],
    ['that shipped', [{}, {}, { state: 'shipped' }]],
    ['that failed', [{}, { state: 'failed' }]],
    ['that its holder cancelled', [{}, { state: 'cancelled' }]],
    ['that was cancelled after it was released', [{}, release, { state: 'cancelled' }]],
    ['whose first token is not 1, after a revival', [{ token: 6 }]],
  ])('%s has nothing against it.', (_, said) => {
    expect(found(said)).toEqual([]);
  });
});

describe('a cell that breaks a rule', () => {
  const shipped: Said = { state: 'shipped' };
  test.each<[string, string, readonly (Said | string | null)[], number]>([
    ['begins with an end', 'impossible-step', [shipped], 1],
    ['skips a token', 'token-not-next', [{}, release, { token: 3 }], 3],
    ['uses a token twice', 'token-not-next', [{}, release, { nonce: 'other' }], 3],
    ['skips a token in a takeover', 'token-not-next', [{}, { ...takeover, token: 3 }], 2],
    ['is claimed while it is held', 'two-holders', [{}, { token: 2 }], 2],
    ['is taken over from another commit', 'unproved-takeover', [{}, {}, takeover], 3],
    [
      'is taken over from another token',
      'unproved-takeover',
      [{}, { token: 2, expired: { ...expiredAt('s', 1, 1), token: 7 } }],
      2,
    ],
    [
      'is taken over from another worker',
      'unproved-takeover',
      [{}, { token: 2, expired: { ...expiredAt('s', 1, 1), worker_id: 'w7' } }],
      2,
    ],
    ['is given back by another without proof', 'unproved-takeover', [{}, { ...release, worker_id: 'w9' }], 2],
    [
      'is given back with a wrong proof',
      'unproved-takeover',
      [{}, { ...release, expired: expiredAt('s', 7, 1) }],
      2,
    ],
    ['is renewed by another worker', 'foreign-write', [{}, { worker_id: 'w9' }], 2],
    ['is renewed with another token', 'foreign-write', [{}, { token: 2, nonce: 's-1', worker_id: 'w1' }], 2],
    ['is shipped by another worker', 'foreign-write', [{}, { ...shipped, worker_id: 'w9' }], 2],
    ['is shipped under another nonce', 'foreign-write', [{}, { ...shipped, nonce: 'other' }], 2],
    [
      'is shipped with another token',
      'foreign-write',
      [{}, { ...shipped, token: 2, nonce: 's-1', worker_id: 'w1' }],
      2,
    ],
    ['changes its item', 'foreign-write', [{}, { item_id: 'i9' }], 2],
    ['ships what was released', 'impossible-step', [{}, release, shipped], 3],
    ['renews what was released', 'impossible-step', [{}, release, {}], 3],
    ['is released after its end', 'after-the-end', [{}, shipped, release], 3],
    ['is claimed after its end', 'after-the-end', [{}, { state: 'dead' }, { token: 2 }], 3],
    ['ends twice', 'after-the-end', [{}, shipped, shipped], 3],
    ['holds no claim', 'foreign-write', [{}, null], 2],
    ['holds something that is no JSON', 'foreign-write', [{}, '<<<<<<<'], 2],
    ['holds half a claim', 'foreign-write', [{}, '{"slot_id":"s"}'], 2],
    ['holds the claim of another slot', 'foreign-write', [{}, { slot_id: 'other' }], 2],
  ])('because it %s is told as %s.', (_, rule, said, at) => {
    expect(found(said).map((violation) => [violation.rule, violation.slot, violation.where])).toEqual([
      [rule, 's', `s#${at}`],
    ]);
  });

  test('because it has a merge is told with the commit that merges.', () => {
    const cell = cellOf('s', {}, {});
    const commits = cell.commits.map((one, at) => (at === 1 ? { ...one, parents: ['s#1', 'x'] } : one));
    expect(parseChain({ ...cell, commits }).violations).toMatchObject([{ rule: 'bad-cell', where: 's#2' }]);
  });

  test('because its ref is no commit is told with what is there.', () => {
    const nothing = parseChain({ slot: 's', tip: 'blob', commits: [] });
    expect(nothing.violations).toMatchObject([{ rule: 'bad-cell', where: 'blob' }]);
  });
});

describe('a cell into which somebody wrote something else', () => {
  test('and that was mended goes on from the claim that was put back.', () => {
    const said = [{}, null, '?', {}, { token: 2, expired: expiredAt('s', 4, 1) }];
    expect(found(said).map(({ rule, where }) => [rule, where])).toEqual([['foreign-write', 's#2']]);
  });

  test('after its end may have that end put back.', () => {
    const said: readonly (Said | null)[] = [{}, { state: 'shipped' }, null, { state: 'shipped' }];
    expect(found(said).map(({ rule }) => rule)).toEqual(['foreign-write']);
    expect(parseChain(cellOf('s', ...said)).steps.at(-1)?.commits).toEqual(['s#2', 's#4']);
  });

  test('is no way to claim again after the end.', () => {
    const said: readonly (Said | null)[] = [{}, { state: 'shipped' }, null, { token: 2 }];
    expect(found(said).map(({ rule }) => rule)).toEqual(['foreign-write', 'after-the-end']);
  });
});

function found(said: readonly (Said | string | null)[]): Violation[] {
  const { steps, violations } = parseChain(cellOf('s', ...said));
  return [...violations, ...judgeChain('s', steps)];
}
