import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeLaidFile } from '../../../src/ledger/init/judge-laid-file.ts';
import { readStamp, stampText } from '../../../src/ledger/init/stamp.ts';

const lines = fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 8 });
const bodies = lines.map((all) => all.join('\n').replaceAll('\r', ' '));
const paths = fc.constantFrom('a.yml', 'README.md');

describe('a stamp', () => {
  test('fits what it was made for, with line ends of either sort, and nothing else.', () => {
    fc.assert(
      fc.property(paths, bodies, bodies, (path, body, other) => {
        const text = stampText(path, body, '1.2.3');
        expect(readStamp(text)).toMatchObject({ version: '1.2.3', fits: true });
        expect(readStamp(text.replaceAll('\n', '\r\n'))).toMatchObject({ fits: true });
        expect(stampText(path, text, '1.2.3')).toBe(text);
        const edited = text.slice(0, text.indexOf('\n') + 1) + other;
        expect(readStamp(edited)?.fits).toBe(stampText(path, other, '1.2.3') === text);
      }),
    );
  });

  test('is not seen in files of others.', () => {
    for (const text of [
      '',
      'name: CI\n',
      '# Laid by millwright\n',
      '\n# Laid by millwright 1.0.0, sha256 00.\n',
    ])
      expect(readStamp(text)).toBeUndefined();
  });
});

describe('a file that init lays', () => {
  const laid = (version: string, body = 'a: 1\n') => stampText('x.yml', body, version);
  test.each([
    ['create', undefined, laid('1.0.0')],
    ['keep', laid('1.0.0'), laid('1.0.0')],
    ['keep', laid('1.0.0').replaceAll('\n', '\r\n'), laid('1.0.0')],
    ['update', laid('1.0.0'), laid('1.0.1', 'a: 2\n')],
    ['update', laid('1.9.0'), laid('1.10.0')],
    ['update', laid('1.0.0'), laid('1.0.0', 'a: 2\n')],
    ['keep', laid('2.0.0', 'a: 2\n'), laid('1.10.0')],
    ['keep', laid('1.10.0', 'a: 2\n'), laid('1.9.9')],
    ['edited', `${laid('1.0.0')}b: 1\n`, laid('1.0.1')],
    ['edited', `${laid('2.0.0')}b: 1\n`, laid('1.0.0')],
    ['foreign', 'a: 1\n', laid('1.0.0')],
    ['foreign', '', laid('1.0.0')],
    ['foreign', `\n${laid('1.0.0')}`, laid('1.0.0')],
  ] as const)('is a case for "%s".', (verdict, there, template) => {
    expect(judgeLaidFile(there, template)).toBe(verdict);
  });
});
