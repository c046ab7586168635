import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chartLabel, markdownText } from '../../src/contracts/markdown-text.ts';

describe('text from outside in markdown', () => {
  test.each([
    ['route django/django to sonnet-4-5', 'route django/django to sonnet-4-5'],
    ['70.1 % of 231 with gpt-5_mini; 33 to 8', '70.1 % of 231 with gpt-5_mini; 33 to 8'],
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['a | b', 'a \\| b'],
    ['`code`', '\\`code\\`'],
    ['*bold* _em_ ~~no~~', '\\*bold\\* \\_em\\_ \\~\\~no\\~\\~'],
    ['[x](http://y) ![i](z)', '\\[x\\](http:\u200b//y) !\\[i\\](z)'],
    ['\\| \\<', '\\\\\\| \\\\&lt;'],
    ['&lt;b&gt; &amp; AT&T & more', '&amp;lt;b&amp;gt; &amp;amp; AT&T & more'],
    ['one\ntwo\r\nthree\u2028four', 'one two three four'],
    ['a\0b\u001b[31m', 'a b \\[31m'],
    ['abc\u202edcba', 'abcdcba'],
    ['# heading', '\\# heading'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['1) item', '1\\) item'],
    ['1.5 points', '1.5 points'],
    ['> quote', '&gt; quote'],
    ['===', '\\==='],
    ['$x^2$', '\\$x^2\\$'],
    ['', ''],
    ['日本 é 😀', '日本 é 😀'],
  ])('%j becomes %j.', (text, wanted) => {
    expect(markdownText(text)).toBe(wanted);
  });

  test('calls nobody and closes no issue on a host of git.', () => {
    const text = markdownText('thanks @octocat, fixes #12 and org/repo#3');
    expect(text).not.toMatch(/@\w|#\d/);
    expect(text.replaceAll('\u200b', '')).toBe('thanks @octocat, fixes #12 and org/repo#3');
  });

  test.each([
    'see http://evil.example/x now',
    'HTTPS://evil.example',
    '(ftp://evil.example)',
    'www.evil.example/path and WWW.evil.example',
    '*www.evil.example*',
    'mailto:a@evil.example',
    'xmpp:a@evil.example/x',
    'a.b-c_d+e@evil.example',
    'a@-evil.example a@_evil.example',
    'http&#58;//evil.example',
    'w\u200ew\u200ew.evil.example and http:\u202e//evil.example',
  ])('makes no link of a bare address: %j.', (text) => {
    const safe = markdownText(text);
    expect(safe).not.toMatch(/:\/\/|www\.|@[^\s\u200b]|mailto:[^\u200b]|xmpp:[^\u200b]|&#/i);
    expect(safe).not.toMatch(/[<\u200e\u202e]/);
  });

  test('makes no link of any mixture of what links are made of.', () => {
    const parts = [
      'http',
      'https',
      'ftp',
      ':',
      '/',
      '//',
      'w',
      'www',
      'WWW',
      '.',
      '@',
      'mailto',
      'a',
      'evil.example',
      ' ',
      '*',
      '_',
      '\\',
      '\u200e',
      '\n',
    ];
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...parts), maxLength: 12 }), (text) => {
        expect(markdownText(text)).not.toMatch(/:\/\/|www\.|@[^\s\u200b]/i);
      }),
    );
  });

  test('has no tag, no bare special character and no line end, whatever it was.', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        '<',
        '>',
        '|',
        '`',
        '\n',
        '\r',
        '\\',
        '*',
        '[',
        ']',
        '&',
        ';',
        'a',
        ' ',
        '#',
        '1',
        '@',
        '\u2029',
      ),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = markdownText(text);
        expect(safe).not.toMatch(/[<>\n\r\u2028\u2029]/);
        // Each special character has an odd number of backslashes in front of it.
        for (const [, before = ''] of safe.matchAll(/(\\*)[|`*[\]]/g)) expect(before.length % 2).toBe(1);
      }),
    );
  });
});

describe('a label of a chart', () => {
  test.each([
    ['django/django', '"django/django"'],
    ['a"b]\n```\n%%{init: {}}%%;', '"a b init"'],
    ['日本 é', '"日本 é"'],
    ['x'.repeat(100), `"${'x'.repeat(60)}"`],
  ])('%j becomes %s.', (text, wanted) => {
    expect(chartLabel(text)).toBe(wanted);
  });
});
