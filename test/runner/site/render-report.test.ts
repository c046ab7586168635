import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeHtml } from '../../../src/runner/site/escape-html.ts';
import { renderReport } from '../../../src/runner/site/render-report.ts';

const around = {
  path: 'artifacts/reports/2026-W47.md',
  picture: (path: string) =>
    path === 'artifacts/reports/2026-W47/cost.svg' ? 'data:image/svg+xml;base64,PHN2Zy8+' : undefined,
  file: (path: string) => `https://github.com/mill/works/blob/abc/${path}`,
};
const render = (markdown: string) => renderReport(markdown, around);

describe('a report as HTML', () => {
  test.each([
    ['a tag is text', '<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n'],
    ['a script address is no link', '[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>\n'],
    ['a data address is no link', '[x](data:text/html,a)', '<p>[x](data:text/html,a)</p>\n'],
    ['an address without a scheme is no link', '[x](//evil.example/a)', '<p>[x](//evil.example/a)</p>\n'],
    [
      'a link to a host says nothing of the page',
      '[x](https://a.example/?q="b")',
      '<p><a href="https://a.example/?q=%22b%22" rel="noopener noreferrer">x</a></p>\n',
    ],
    [
      'another report is on the site',
      '[x](2026-W46.md)',
      '<p><a href="2026-W46.html" rel="noopener noreferrer">x</a></p>\n',
    ],
    [
      'a file is where the repository is',
      '[x](../../state/README.md#a)',
      '<p><a href="https://github.com/mill/works/blob/abc/state/README.md" rel="noopener noreferrer">x</a></p>\n',
    ],
    ['what leads out of the repository is no link', '[x](../../../etc/passwd)', '<p><a>x</a></p>\n'],
    [
      'a picture of the report is inside the page',
      '![Cost "a"](2026-W47/cost.svg)',
      '<p><img src="data:image/svg+xml;base64,PHN2Zy8+" alt="Cost &quot;a&quot;"></p>\n',
    ],
    ['a picture from elsewhere is its words', '![x](https://a.example/x.png)', '<p>(x)</p>\n'],
  ])('%s.', (_title, markdown, expected) => {
    expect(render(markdown)).toBe(expected);
  });

  test('aligns numbers without a style, which the policy of the page forbids.', () => {
    const text = render('| a | n |\n|---|--:|\n| x | 1 |\n');
    expect(text).toContain('<th class="number">n</th>');
    expect(text).not.toContain('style=');
  });

  test('holds only tags of markdown and addresses of the web, whatever is in it.', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '[a](',
        '![b](',
        ')',
        'javascript:',
        'data:',
        '//',
        '\\',
        '&#x6a;',
        '`',
        '\n',
      ),
      fc.constantFrom(
        'onerror=',
        '<img src=x>',
        '| a |\n|--:|\n',
        'https://a.example',
        '../',
        '%2e%2e/',
        '# ',
        '- ',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        const text = render(pieces.join(''));
        const tags = text.match(/<[^>]*>/g) ?? [];
        for (const tag of tags) expect(tag).toMatch(TAG);
      }),
    );
  });

  test('text in it can neither open a tag nor leave an attribute.', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\';#a\u0000\u202e\ud800') }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});

const TAG =
  /^<(?:\/?(?:h[1-6]|p|ul|ol|li|em|strong|code|pre|blockquote|table|thead|tbody|tr|th|td|a|s|div)|(?:hr|br)|div class="wide"|t[hd] class="number"|ol start="\d+"|code class="language-[^"<>]*"|a href="(?:https?:\/\/|#|[\w-]+\.html)[^"<>]*" rel="noopener noreferrer"|img src="data:[^"<>]*" alt="[^"<>]*")>$/i;
