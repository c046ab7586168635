import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contentKey,
  derivedId,
  ID_PATTERN,
  idSchema,
  idTime,
  keyedId,
  newId,
} from '../../src/contracts/ids.ts';
import { isRefName } from '../../src/git/ref-name.ts';

const moment = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
const at = new Date('2026-11-21T08:30:00.123Z');

describe('ids that Millwright makes', () => {
  test('are ULIDs in lower case that carry their time.', () => {
    fc.assert(
      fc.property(moment, (when) => {
        const id = newId(when);
        expect(id).toMatch(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/);
        expect(idTime(id)).toEqual(when);
        expect(idSchema.safeParse(id).success).toBe(true);
      }),
    );
  });

  test('sort as text as they sort in time.', () => {
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        fc.pre(one.getTime() !== other.getTime());
        expect(newId(one) < newId(other)).toBe(one < other);
      }),
    );
  });

  test('differ at the same millisecond.', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newId(at))).size).toBe(10_000);
  });

  test('take a time before 1970 or after the year 10889 as the nearest one that fits.', () => {
    expect(newId(new Date(-1)).slice(0, 10)).toBe('0000000000');
    expect(newId(new Date(8.64e15)).slice(0, 10)).toBe('7zzzzzzzzz');
  });
});

describe('computed ids', () => {
  test('stay what they are from one version of Millwright to the next.', () => {
    expect(derivedId(at, ['outcome', 'gpt', 'django-1'])).toBe('01m7ykm0xvgthxv86zpj5e0reh');
    expect(contentKey({ a: 1, b: ['x'] })).toBe('fd5e92badbe2');
    expect(keyedId(at, 'outcome', ['gpt', 'django-1'])).toBe('01m7ykm0xv--gpt--django-1');
  });

  test('are the same for the same parts, and others for any other parts.', () => {
    const parts = fc.array(fc.string(), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(moment, parts, parts, (when, one, other) => {
        expect(derivedId(when, one)).toBe(derivedId(when, [...one]));
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(derivedId(when, one)).not.toBe(derivedId(when, other));
      }),
    );
  });

  test('that show their key are never ambiguous, always safe, and carry their time.', () => {
    const part = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[A-Za-z.-]{1,6}$/),
      fc.constantFrom('a--b', '-', '..', 'x.lock'),
    );
    const parts = fc.array(part, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(moment, parts, parts, (when, one, other) => {
        const id = keyedId(when, 'outcome', one);
        expect(idSchema.safeParse(id).success).toBe(true);
        expect(idTime(id)).toEqual(when);
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(id).not.toBe(keyedId(when, 'outcome', other));
      }),
    );
  });
});

describe('ids from outside', () => {
  const accepted = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/),
    fc.string({
      unit: fc.constantFrom('a', 'B', '0', '.', '-', '_', '/', '\\', '~', ' ', '@', '{', ':', '\n'),
    }),
    fc.constantFrom(
      '..',
      'a..b',
      'x.lock',
      '.hidden',
      '-rf',
      'a/../../b',
      '@',
      'HEAD',
      'con',
      'a.',
      'a\n',
      '😀',
    ),
  );

  test('that are accepted are one harmless path part and one valid part of a ref name.', () => {
    fc.assert(
      fc.property(accepted, (id) => {
        fc.pre(ID_PATTERN.test(id));
        expect(posix.join('queue/inbox/outcome', `${id}.json`)).toBe(`queue/inbox/outcome/${id}.json`);
        expect(isRefName(`refs/millwright/inbox/outcome/${id}`)).toBe(true);
        expect(encodeURIComponent(id)).toBe(id);
        expect(id.length).toBeLessThanOrEqual(100);
        expect(id).not.toMatch(/^[-.]|\s|\p{Cc}/u);
      }),
      { numRuns: 500 },
    );
  });

  test('that are accepted are accepted by git as well.', () => {
    for (const id of safeSamples()) execFileSync('git', ['check-ref-format', `refs/millwright/slots/${id}`]);
  });

  test('are refused when a path, a ref, a shell or a URL would trip over them.', () => {
    const bad = [
      '',
      '.',
      '..',
      'a..b',
      'a/b',
      'a\\b',
      '-a',
      '.a',
      'a.',
      'a.lock',
      'a b',
      'a\n',
      'ä',
      '😀',
      'a:b',
      '~',
      'a'.repeat(101),
    ];
    expect(bad.filter((id) => idSchema.safeParse(id).success)).toEqual([]);
    expect(idSchema.safeParse('a'.repeat(100)).success).toBe(true);
    expect(idSchema.safeParse(20261121).success).toBe(false);
  });

  test('have no time in them, whatever they look like.', () => {
    for (const id of ['2026-11-cache', 'issue-1', 'ILOU'.repeat(7).slice(0, 26), 'x'])
      expect(idTime(id)).toEqual(new Date(0));
  });
});

function safeSamples(): string[] {
  const text = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/).filter((id) => ID_PATTERN.test(id));
  return fc.sample(text, { numRuns: 25, seed: 7 });
}
