import { describe, expect, test } from 'vitest';
import { judgeRecords } from '../../src/audit/judge-records.ts';
import type { SlotStatement } from '../../src/audit/statements.ts';
import { event } from './sample-queue.ts';

/** `claimed 1`, `expired 1 c` with the name of a commit, `claimed 2 - w1` with that of a worker. */
type Line = string;

describe('records of a slot that keep the rules', () => {
  test.each<[string, readonly Line[]]>([
    ['of none at all', []],
    ['of one claim', ['claimed 1', 'renewed 1', 'shipped 1']],
    ['of a claim that was given back', ['claimed 1', 'released 1', 'claimed 2', 'failed 2']],
    ['of a takeover', ['claimed 1', 'expired 1 c', 'claimed 2 c', 'shipped 2']],
    ['of a last attempt that ran out', ['claimed 1', 'expired 1 c', 'dead 1 c']],
    ['of a last attempt that broke', ['claimed 1', 'dead 1']],
    ['of a slot that left with its item', ['cancelled 0 - nobody']],
    ['of a slot that left after a claim', ['claimed 1', 'released 1', 'cancelled 1 - nobody']],
    ['of a holder that was told to stop', ['claimed 1', 'cancelled 1']],
    ['of two lives', ['claimed 1', 'dead 1', 'revived 1 - nobody', 'claimed 2', 'shipped 2']],
    ['of a dead slot that was given up with its item', ['claimed 1', 'dead 1', 'cancelled 1 - nobody']],
    ['of a life that has just begun again', ['claimed 1', 'dead 1', 'revived 1 - nobody']],
  ])('%s have nothing against them.', (_, lines) => {
    expect(judge(lines).violations).toEqual([]);
  });
});

describe('records of a slot that break a rule', () => {
  test.each<[string, string, readonly Line[], number]>([
    ['its first token is not 1', 'token-not-next', ['claimed 2', 'shipped 2'], 0],
    ['it skips a token', 'token-not-next', ['claimed 1', 'released 1', 'claimed 3', 'shipped 3'], 2],
    ['it uses a token twice', 'token-not-next', ['claimed 1', 'released 1', 'claimed 1', 'shipped 1'], 2],
    [
      'a new life begins at 1',
      'token-not-next',
      ['claimed 1', 'dead 1', 'revived 1', 'claimed 1', 'shipped 1'],
      3,
    ],
    ['it is claimed while it is held', 'two-holders', ['claimed 1', 'claimed 2', 'shipped 2'], 1],
    ['another token ends it', 'wrong-token', ['claimed 1', 'expired 1', 'claimed 2', 'shipped 1'], 3],
    ['another token renews it', 'wrong-token', ['claimed 1', 'renewed 2', 'shipped 1'], 1],
    ['it is cancelled with a token of old', 'wrong-token', ['claimed 1', 'released 1', 'cancelled 0'], 2],
    [
      'it is revived with another token',
      'wrong-token',
      ['claimed 1', 'dead 1', 'revived 2', 'claimed 3', 'failed 3'],
      2,
    ],
    ['another worker ends it', 'foreign-write', ['claimed 1', 'shipped 1 - w9'], 1],
    ['it leaves with its item while it is held', 'foreign-write', ['claimed 1', 'cancelled 1 - nobody'], 1],
    [
      'nobody held what is renewed',
      'impossible-step',
      ['claimed 1', 'released 1', 'renewed 1', 'cancelled 1'],
      2,
    ],
    ['nobody held what is shipped', 'impossible-step', ['claimed 1', 'released 1', 'shipped 1'], 2],
    ['it dies of nothing', 'impossible-step', ['claimed 1', 'released 1 c', 'dead 1 c'], 2],
    ['it dies of another lease', 'impossible-step', ['claimed 1', 'expired 1 c', 'dead 1 d'], 2],
    ['it is revived while it lives', 'impossible-step', ['claimed 1', 'released 1', 'revived 1'], 2],
    ['it ends twice', 'ended-twice', ['claimed 1', 'shipped 1', 'shipped 1'], 2],
    ['it ends in two ways', 'ended-twice', ['claimed 1', 'failed 1', 'cancelled 1'], 2],
    ['it is given up with another token', 'wrong-token', ['claimed 1', 'dead 1', 'cancelled 2'], 2],
    ['it is given up twice', 'ended-twice', ['claimed 1', 'dead 1', 'cancelled 1', 'cancelled 1'], 3],
    ['it is claimed after its end', 'after-the-end', ['claimed 1', 'shipped 1', 'claimed 2'], 2],
    ['it is revived after it shipped', 'after-the-end', ['claimed 1', 'shipped 1', 'revived 1'], 2],
    ['it never ends', 'lost-end', ['claimed 1', 'renewed 1'], 1],
    ['its last claim never ends', 'lost-end', ['claimed 1', 'dead 1', 'revived 1', 'claimed 2'], 3],
  ])('because %s are told as %s.', (_, rule, lines, at) => {
    const { violations, events } = judge(lines);
    expect(violations.map((one) => [one.rule, one.slot, one.where])).toContainEqual([
      rule,
      's',
      events[at]?.where,
    ]);
  });
});

describe('a replay of records', () => {
  test('knows the last token, how often it was claimed, and every end.', () => {
    const { last, claims, end, ends } = judge(['claimed 1', 'dead 1', 'revived 1', 'claimed 2', 'shipped 2']);
    expect({ last, claims, end: end?.event, ends: ends.map((one) => [one.event, one.token]) }).toEqual({
      last: 2,
      claims: 2,
      end: 'shipped',
      ends: [
        ['dead', 1],
        ['shipped', 2],
      ],
    });
  });
});

function judge(lines: readonly Line[]) {
  const events = lines.map((line) => {
    const [name = '', token, commit = '-', worker] = line.split(' ');
    return event('s', name as SlotStatement['event'], Number(token), {
      ...(commit === '-' ? {} : { commit }),
      ...(worker === undefined ? {} : { worker_id: worker === 'nobody' ? undefined : worker }),
    });
  });
  return { ...judgeRecords('s', events), events };
}
