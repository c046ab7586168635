import { describe, expect, test } from 'vitest';
import { compareVersions } from '../../../../src/runner/validate/diff/compare-versions.ts';
import { judgeVersion } from '../../../../src/runner/validate/diff/judge-version.ts';

const text = (version: string, role: string, more = '') =>
  Buffer.from(`id: a\n${more}version: ${version}\nrole: ${role}\n`);
const judged = (before?: Buffer, after?: Buffer, atBase: Buffer | undefined = before) =>
  judgeVersion({ path: 'personas/a.yaml', before, after, atBase }).map(
    ({ rule, severity, line, message }) => `${rule} ${severity} ${line ?? '-'}: ${message}`,
  );
const error = (words: string, line = 2) => [`persona-version error ${line}: ${words}`];

describe('the version of a persona', () => {
  test.each([
    ['a new persona is free to choose', undefined, text('0.1.0', 'x')],
    ['content and version moved up', text('1.0.0', 'x'), text('1.0.1', 'y')],
    ['the version alone moved up', text('1.0.0', 'x'), text('2.0.0', 'x')],
    ['10 is above 9', text('1.9.0', 'x'), text('1.10.0', 'y')],
    ['a comment was added', text('1.0.0', 'x'), text('1.0.0', 'x # said so', '# why\n')],
    ['only the layout changed', text('1.0.0', 'x'), text('1.0.0', '"x"', '\n')],
    ['the old file could not be read', Buffer.from('id: ['), text('1.0.0', 'y')],
    ['the new file cannot be read, which the tree says', text('1.0.0', 'x'), Buffer.from('id: [')],
    ['the new file has no version, which the tree says', text('1.0.0', 'x'), text('one', 'y')],
  ])('is accepted when %s.', (_, before, after) => {
    expect(judged(before, after)).toEqual([]);
  });

  test('has to move when the content does, and never goes down.', () => {
    const one = text('1.2.0', 'x');
    expect(judged(one, text('1.2.0', 'y'))).toEqual(
      error('expected a version above 1.2.0, found the content changed and it the same'),
    );
    expect(judged(one, text('1.1.9', 'y'))).toEqual(
      error('expected a version above 1.2.0, found 1.1.9, which is lower'),
    );
    expect(judged(one, text('1.1.0', 'x', '# c\n'))).toEqual(
      error('expected at least version 1.2.0, found 1.1.0, which is lower', 3),
    );
  });

  test('went down by a revert: the hint says how to bring the content back and not the number.', () => {
    const versions = { before: text('1.1.0', 'merged'), after: text('1.0.0', 'as before') };
    const [found] = judgeVersion({ path: 'personas/a.yaml', ...versions, atBase: versions.before });
    expect(found?.hint).toMatch(/^move the version above 1\.1\.0, .*A revert .*or drop a recommendation/);
    expect(judged(versions.before, text('1.2.0', 'as before'))).toEqual([]);
  });

  test('is not enough when the base has come to the same number with other content.', () => {
    const [before, mine, theirs] = [text('1.0.0', 'x'), text('1.1.0', 'mine'), text('1.1.0', 'theirs')];
    const words =
      'expected a version above 1.1.0, found 1.1.0; the base branch has come to 1.1.0 with other content meanwhile';
    expect(judged(before, mine, theirs)).toEqual(error(words));
    expect(judged(undefined, mine, theirs)).toEqual(error(words));
    expect(judged(before, text('1.2.0', 'mine'), theirs)).toEqual([]);
    expect(judged(before, mine, mine)).toEqual([]);
    expect(judged(before, text('1.0.0', 'x # comment'), theirs)).toEqual([]);
  });

  test('tells a deletion from a change, and says how an agent is dismissed.', () => {
    expect(judged(text('1.0.0', 'x'), undefined)).toEqual([
      'persona-deleted warning -: expected the persona to stay, since records name it, found it deleted',
    ]);
  });

  test('is compared as three numbers of any size.', () => {
    const sorted = [
      '0.0.1',
      '0.1.0',
      '1.9.9',
      '1.10.0',
      '2.0.0',
      '99999999999999999998.0.0',
      '99999999999999999999.0.0',
    ];
    for (const [at, version] of sorted.entries())
      for (const [other, against] of sorted.entries())
        expect(Math.sign(compareVersions(version, against))).toBe(Math.sign(at - other));
  });
});
