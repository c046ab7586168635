import { describe, expect, test } from 'vitest';
import { claimIn } from '../../../../src/runner/validate/diff/claim-in.ts';
import { judgeClaim, type KnownSlot } from '../../../../src/runner/validate/diff/judge-claim.ts';

const nothing: KnownSlot = { events: [], live: undefined, cell: undefined, complete: true };
const cell = (token: number, state: 'claimed' | 'released' | 'shipped' | 'cancelled' = 'claimed') => ({
  token,
  state,
  nonce: 'n',
  worker_id: 'w',
});
const event = (token: number, what: KnownSlot['events'][number]['event']) => ({ token, event: what });
const verdict = (token: number, known: Partial<KnownSlot>, nonce?: string) =>
  judgeClaim({ slot: 's', token, ...(nonce === undefined ? {} : { nonce }) }, { ...nothing, ...known })
    .verdict;

describe('a claim', () => {
  test.each([
    ['holds the slot', 2, { cell: cell(2) }, 'current'],
    ['has shipped, and is not folded yet', 2, { cell: cell(2, 'shipped') }, 'current'],
    ['was given back', 2, { cell: cell(2, 'released') }, 'stale'],
    ['was cancelled', 2, { cell: cell(2, 'cancelled') }, 'stale'],
    ['was taken over', 1, { cell: cell(2) }, 'stale'],
    ['was never given', 3, { cell: cell(2) }, 'stale'],
    [
      'ended an earlier life of a slot that was revived',
      1,
      { cell: cell(2), events: [event(1, 'failed')] },
      'current',
    ],
    [
      'ended the slot',
      2,
      { events: [event(1, 'expired'), event(2, 'claimed'), event(2, 'shipped')] },
      'current',
    ],
    ['ran out', 1, { events: [event(1, 'claimed'), event(1, 'expired'), event(2, 'shipped')] }, 'stale'],
    ['came after the end', 3, { events: [event(2, 'shipped')] }, 'stale'],
    ['lies before the life of a slot that was revived', 2, { live: { token: 3 } }, 'stale'],
    ['is of a slot that nobody ever queued', 1, {}, 'stale'],
    ['is of a slot whose ledger is not here', 1, { complete: false }, 'unknown'],
    ['is of a live slot whose cell is not here', 1, { live: { token: 0 } }, 'unknown'],
    [
      'is known to have run out although the ledger is not here',
      1,
      { complete: false, events: [event(1, 'expired')] },
      'stale',
    ],
  ] as const)('that %s.', (_, token, known, expected) => {
    expect(verdict(token, known)).toBe(expected);
  });

  test('with the right token is another when its nonce is.', () => {
    expect(verdict(2, { cell: cell(2) }, 'n')).toBe('current');
    expect(verdict(2, { cell: cell(2) }, 'm')).toBe('stale');
  });

  test.each([
    ['its own fields', { slot_id: 's-1', token: 2 }, { slot: 's-1', token: 2 }],
    ['the extra facts', { extra: { slot_id: 's-1', token: 2 } }, { slot: 's-1', token: 2 }],
    ['both', { slot_id: 's-1', extra: { token: 2 } }, { slot: 's-1', token: 2 }],
    ['a lock file', { slot_id: 's-1', token: 2, nonce: 'x' }, { slot: 's-1', token: 2, nonce: 'x' }],
    ['no token', { slot_id: 's-1' }, undefined],
    ['no safe slot', { slot_id: '../x', token: 2 }, undefined],
    ['a token of text', { slot_id: 's-1', token: '2' }, undefined],
    ['no object', ['s-1', 2], undefined],
  ])('is read from %s.', (_, data, expected) => {
    expect(claimIn(data)).toEqual(expected);
  });
});
