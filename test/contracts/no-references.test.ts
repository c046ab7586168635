import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markdownText } from '../../src/contracts/markdown-text.ts';
import { noReferences } from '../../src/contracts/no-references.ts';

/** What GitHub turns into links, mentions and closed issues: "Autolinked references" in its documentation. */
const references = [
  /(?<![\p{L}\p{N}_/])@[\p{L}\p{N}]/u,
  /#\d/,
  /\bGH-\d/i,
  /(?<![\p{L}\p{N}])(?=[a-f]*\d)[\da-f]{7,40}(?![\p{L}\p{N}])/iu,
];

/** The words between which anything may stand. */
const words = [
  ...['fixes #12', 'Closes: #7', 'resolved owner/repo#3', 'owner/repo#3', 'GH-12', 'gh-1', 'Fixes GH-4'],
  ...['@octocat', '@team/x', '@org/team-y', 'a@b', '@', '#', 'GH-', 'fixes', 'closes'],
  ...['0123abc', 'deadbee1', 'a1'.repeat(20), 'f'.repeat(39).concat('0'), 'owner/repo@0123abcd', '1048576'],
  ...['\n', ' ', '', '(', ')', ':', ',', '.', '/', '\\', '*', '_', '-', '\u200e', '12', 'x'],
];
const hostile = fc
  .array(fc.constantFrom(...words), { maxLength: 8 })
  .chain((parts) => fc.constantFrom(parts.join(''), parts.join(' ')));

describe('text from outside on a host of git', () => {
  test.each([
    ['markdown', markdownText],
    ['a commit message', noReferences],
  ])('refers to nothing in %s, whatever it is made of.', (_where, quiet) => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const reference of references) expect(quiet(text)).not.toMatch(reference);
      }),
      { numRuns: 1_000 },
    );
  });

  test('reads as before: nothing visible is added or taken away.', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(noReferences(text).replaceAll('\u200b', '')).toBe(text);
      }),
    );
  });

  test.each([
    'route django/django to gpt-5',
    '70.1 % of 231',
    'bullet solver-repro-first',
    'defaced',
    '2026',
  ])('is left alone where it refers to nothing: %j.', (text) => {
    expect(noReferences(text)).toBe(text);
  });
});
