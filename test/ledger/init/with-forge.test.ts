import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageOf } from '../../../src/ledger/init/place.ts';
import { withForge } from '../../../src/ledger/init/with-forge.ts';
import { parseSettings } from '../../../src/ledger/read-settings.ts';

describe('the forge in the settings', () => {
  test('comes as a line at the end; every byte before it stays.', () => {
    const parts = fc.constantFrom(
      '# a comment',
      '',
      'remote: origin # mine',
      'analysis:\n  every_days: 3',
      'author:\n  name: |-\n    A\n  email: b@c',
    );
    fc.assert(
      fc.property(fc.uniqueArray(parts), fc.boolean(), (some, ends) => {
        const text = some.join('\n') + (ends && some.length > 0 ? '\n' : '');
        const next = withForge(text) ?? '';
        expect(next.startsWith(text)).toBe(true);
        expect(parseSettings(Buffer.from(next))).toEqual({
          ...parseSettings(Buffer.from(text)),
          forge: 'github',
        });
        expect(withForge(next)).toBeUndefined();
      }),
    );
  });

  test.each([
    ['named', 'forge: local\n'],
    ['a map in braces', '{remote: origin}\n'],
    ['ended', 'remote: origin\n...\n'],
    ['no map', '- a\n'],
    ['not YAML', 'a: [\n'],
  ])('is left to a person where the file is %s.', (_what, text) => {
    expect(withForge(text)).toBeUndefined();
  });

  test('keeps the line ends of Windows.', () => {
    expect(withForge('remote: origin\r\n')).toBe('remote: origin\r\nforge: github\r\n');
  });
});

describe('the page of a repository', () => {
  test.each([
    ['https://github.com/mill/works.git', 'https://github.com/mill/works'],
    ['https://ada:secret@github.com/mill/works', 'https://github.com/mill/works'],
    ['git@github.com:mill/works.git', 'https://github.com/mill/works'],
    ['ssh://git@github.com:22/mill/works.git', 'https://github.com/mill/works'],
    ['https://git.example.org:8443/mill/my.site/', 'https://git.example.org/mill/my.site'],
    ['/srv/git/works.git', undefined],
    ['C:\\works', undefined],
    ['file:///srv/mill/works', undefined],
    ['https://github.com/mill', undefined],
    ['git@github.com:$(touch pwned)/x', undefined],
    ['', undefined],
  ])('is read from the address %j.', (address, page) => {
    expect(pageOf(address)).toBe(page);
  });
});
