import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownersOf } from '../../src/git/owners-of.ts';
import { readCodeowners } from '../../src/git/read-codeowners.ts';
import { gitFolder } from '../support/git-folder.ts';

const example = `
# Comments and blank lines are nothing.
*       @global-owner1 @global-owner2
*.js    @js-owner #with words after it
*.go docs@example.com
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/docs/ @org/docs
/scripts/ @doctocat @octocat
**/logs @logs
/apps/github
my\\ file.txt @spaces
`;

describe('the owners of a file', () => {
  test.each([
    ['x.txt', ['@global-owner1', '@global-owner2']],
    ['a/b/x.js', ['@js-owner']],
    ['x.go', ['docs@example.com']],
    ['build/logs/a/b.txt', ['@logs']],
    ['other/docs/x.txt', ['@global-owner1', '@global-owner2']],
    ['docs/x.txt', ['@org/docs']],
    ['docs/a/x.txt', ['@org/docs']],
    ['a/apps/x/y', ['@octocat']],
    ['scripts/x', ['@doctocat', '@octocat']],
    ['scripts/logs/x', ['@logs']],
    ['apps/github/x', []],
    ['apps/github', []],
    ['my file.txt', ['@spaces']],
  ])('of %s are %j.', (path, owners) => {
    expect(ownersOf(example, path)).toEqual(owners);
  });

  test('are none where no line matches, and lines that GitHub skips are skipped.', () => {
    expect(ownersOf('', 'a')).toEqual([]);
    expect(ownersOf('/b @x', 'a')).toEqual([]);
    expect(ownersOf('* @x\n!a @y\n[a] @y\na not-an-owner\n', 'a')).toEqual(['@x']);
    expect(ownersOf('docs/* @x', 'docs/a/b')).toEqual([]);
    expect(ownersOf('docs/** @x\r\n', 'docs/a/b')).toEqual(['@x']);
  });

  test('are the same for the gate as for a pull request.', () => {
    expect(ownersOf(example, 'my file.txt')).toEqual(['@spaces']);
    expect(ownersOf('* @x\n[a] @y\n!a @y\na nobody\n', 'a')).toEqual(['@x']);
  });

  test('come at once, whatever the pattern is.', () => {
    const deep = `${'a/'.repeat(60)}b`;
    expect(ownersOf(`${'**/'.repeat(60)}c @x\n`, deep)).toEqual([]);
    expect(ownersOf(`${'**/'.repeat(60)}b @x\n`, deep)).toEqual(['@x']);
  });

  test('are found by the same patterns as git knows for attributes, the last match winning.', async () => {
    await using folder = await gitFolder();
    const part = fc.constantFrom('a', 'b', 'c.md', '*', '*.md', 'a*', '?', '**');
    const last = fc.constantFrom('*.md', 'x.md', '?.md', 'x.*', '*x*');
    const pattern = fc
      .tuple(fc.constantFrom('', '/'), fc.array(part, { maxLength: 2 }), last)
      .map(([start, parts, end]) => `${start}${[...parts, end].join('/')}`);
    const path = fc
      .tuple(
        fc.array(fc.constantFrom('a', 'b', 'ab'), { maxLength: 3 }),
        fc.constantFrom('x.md', 'y.md', 'x.ts'),
      )
      .map(([parts, file]) => [...parts, file].join('/'));
    const many = fc.array(path, { minLength: 5, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(pattern, { minLength: 1, maxLength: 6 }), many, async (patterns, paths) => {
        const attributes = patterns.map((one, at) => `${one} owner=${at}\n`).join('');
        await folder.write('.git/info/attributes', attributes);
        const told = await folder.git('check-attr', 'owner', '--', ...paths);
        const expected = told.split('\n').map((line) => line.replace(/^.*: owner: /, ''));
        const file = patterns.map((one, at) => `${one} @o${at}\n`).join('');
        const found = paths.map((one) => ownersOf(file, one)[0]?.slice(2) ?? 'unspecified');
        expect(found, file).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the file of owners', () => {
  test.each([
    [{ 'docs/CODEOWNERS': 'c', CODEOWNERS: 'b', '.github/CODEOWNERS': 'a' }, 'a'],
    [{ 'docs/CODEOWNERS': 'c', CODEOWNERS: '' }, ''],
    [{ 'docs/CODEOWNERS': 'c' }, 'c'],
    [{}, ''],
  ])('of %j is %j.', async (files: Readonly<Record<string, string>>, expected) => {
    expect(await readCodeowners({ text: async (path) => files[path] })).toBe(expected);
  });
});
