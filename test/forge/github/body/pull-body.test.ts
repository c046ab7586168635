import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyLength, LONGEST_BODY } from '../../../../src/forge/github/body/body-length.ts';
import { fitBody } from '../../../../src/forge/github/body/fit-body.ts';
import { draftedTitle, fitTitle } from '../../../../src/forge/github/body/fit-title.ts';
import { plainText } from '../../../../src/forge/github/body/plain-text.ts';
import { readPullBody, withoutNotes, writePullBody } from '../../../../src/forge/github/body/pull-body.ts';
import { textSum } from '../../../../src/forge/github/body/text-sum.ts';

const piece = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '\n',
    '\r\n',
    '<!-- millwright {"id":"x"} -->',
    '<!-- millwright:foot -->',
    '-->',
    '<!--',
    '## Heading\n\n',
    '```\n',
    'fixes #12',
    'GH-3',
    '@team/x',
    'https://example.org/x',
  ),
);
const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
const oid = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 });
const marker = fc.record(
  {
    id: text,
    head: oid,
    base: text,
    title: fc.constant('0'),
    text: fc.constant('1'),
    settled: fc.oneof(fc.constant(true as const), text),
  },
  { requiredKeys: ['id', 'head', 'base', 'title', 'text'] },
);

describe('the body of a pull request', () => {
  test('gives back its words and its note, whatever they hold and however GitHub keeps line ends.', () => {
    fc.assert(
      fc.property(text, marker, fc.constantFrom('', 'Owners: `@a`.'), (words, note, foot) => {
        const drafted = withoutNotes(plainText(words));
        const body = writePullBody({ text: drafted, foot, marker: note });
        for (const kept of [body, body.replaceAll('\n', '\r\n'), `${body}\n\n`])
          expect(readPullBody(kept)).toEqual({ text: plainText(drafted), foot, marker: note });
      }),
    );
  });

  test('keeps what people write below the note, and knows their words from its own.', () => {
    const body = writePullBody({
      text: 'Ours.',
      foot: 'Owners.',
      marker: { id: 'a', head: 'a'.repeat(40), base: 'main', title: '', text: textSum('Ours.') },
    });
    const read = readPullBody(`${body}\n\nTheirs.`);
    expect(read).toMatchObject({ text: 'Ours.\n\nTheirs.', foot: 'Owners.', marker: { base: 'main' } });
    expect(textSum(read.text)).not.toBe(read.marker?.text);
    expect(textSum('Ours.\r\n')).toBe(read.marker?.text);
  });

  test.each([
    '',
    'Anything.',
    '<!-- millwright {} -->',
    '<!-- millwright {"head": -->',
    '<!-- millwright {"id":1} -->',
  ])('has no note when it is %j.', (body) => {
    expect(readPullBody(body).marker).toBeUndefined();
  });

  test('is never longer than it may be, and loses no heading while there is room for them.', () => {
    const section = fc.tuple(fc.stringMatching(/^[A-Za-z]{1,10}$/), fc.nat(40_000), fc.boolean());
    fc.assert(
      fc.property(fc.array(section, { minLength: 1, maxLength: 8 }), (sections) => {
        const whole = sections
          .map(
            ([name, n, isCode]) =>
              `## ${name}\n\n${isCode ? '```\n## x\n' : ''}${'\u{1f600}\n'.repeat(n / 3)}${isCode ? '```' : ''}`,
          )
          .join('\n\n');
        const short = fitBody(whole, LONGEST_BODY, 'https://example.org/all');
        expect(bodyLength(short)).toBeLessThanOrEqual(LONGEST_BODY);
        for (const [name] of sections) expect(short).toContain(`## ${name}`);
        expect((short.match(/```/g) ?? []).length % 2).toBe(0);
        if (bodyLength(whole) <= LONGEST_BODY) expect(short).toBe(whole);
        else expect(short).toContain('(https://example.org/all)');
      }),
      { numRuns: 60 },
    );
    expect(fitBody('x'.repeat(70_000), LONGEST_BODY, 'https://example.org/all')).toContain('the whole of it');
  });

  test('counts as GitHub may count: an emoji and the end of a line as two.', () => {
    expect(['a', '\u{1f600}', 'a\nb', ''].map(bodyLength)).toEqual([1, 2, 4, 0]);
  });
});

describe('words from outside', () => {
  test('tell nobody and close nothing in a title, and come back as drafted.', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
        const title = fitTitle(parts.join(' '));
        expect(title.length).toBeLessThanOrEqual(256);
        expect(title).not.toMatch(/#\d|@\w|\bGH-\d|[\r\n]|[\ud800-\udbff]\u2026/i);
      }),
    );
    expect(draftedTitle(fitTitle('a: fixes #12 of @team, GH-3'))).toBe('a: fixes #12 of @team, GH-3');
  });
});
