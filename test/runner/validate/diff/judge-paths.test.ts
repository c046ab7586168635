import { describe, expect, test } from 'vitest';
import { ownersOf } from '../../../../src/git/owners-of.ts';
import { isLedgerCommit } from '../../../../src/runner/validate/diff/is-ledger-commit.ts';
import { machinePath } from '../../../../src/runner/validate/diff/machine-path.ts';

describe('a path', () => {
  test.each([
    ['queue/inbox/outcome/a.json', undefined],
    ['queue/README.md', undefined],
    ['queue/items/.gitkeep', undefined],
    ['state/schemas/outcome.v1.json', undefined],
    ['state/projects/a.yaml', undefined],
    ['personas/solver.yaml', undefined],
    ['src/queue/items/a.yaml', undefined],
    ['queue/items/a.yaml', 'queue cancel'],
    ['queue/dead/a.json', 'queue revive'],
    ['queue/claims/a.json', 'queue claim'],
    ['queue/proposals/a.md', 'review reject'],
    ['queue/constructor/a', 'queue/inbox'],
    ['queue/loose.json', 'queue/inbox'],
    ['state/outcome/2026-01/0001.jsonl', 'millwright import'],
    ['state/outcome/anything', 'millwright import'],
    ['state/of_the_future/2026-01/0001.jsonl', 'millwright import'],
    ['artifacts/reports/2026-W01.md', 'millwright loop'],
  ])('%s is for people or for Millwright, and says how it is done right.', (path, right) => {
    const found = machinePath(path);
    if (right === undefined) expect(found).toBeUndefined();
    else expect(found?.right).toContain(right);
  });
});

describe('the owners of a path', () => {
  const file =
    '# who looks\n* @all\n*.md @words # pages\n/.github/ @ops @sec\n.github/workflows/*.yml @ci\ndocs/** @docs\nmillwright.yaml\n';
  test.each([
    ['src/a.ts', ['@all']],
    ['a/b/page.md', ['@words']],
    ['.github/actions/a/action.yml', ['@ops', '@sec']],
    ['.github/workflows/ci.yml', ['@ci']],
    ['.github/workflows/deep/ci.yml', ['@ops', '@sec']],
    ['x/.github/a', ['@all']],
    ['docs/a/b', ['@docs']],
    ['millwright.yaml', []],
  ])('%s are those of the last line that fits.', (path, owners) => {
    expect(ownersOf(file, path)).toEqual(owners);
  });

  test('are nobody in a file without lines, and any pattern is a text.', () => {
    expect(ownersOf('', 'a')).toEqual([]);
    expect(ownersOf('(a+)+$ @x\n[ @y\n', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')).toEqual([]);
  });
});

describe('a commit', () => {
  const nonce = ['Millwright-Nonce', '0123456789abcdef'] as const;
  const commit = {
    oid: 'a',
    parents: [],
    author: 'm@x 1',
    committer: 'm@x 1',
    trailers: [nonce],
    changes: [],
  };
  test.each([
    ['of Millwright is one', {}, true],
    ['that a person rebased is none', { committer: 'p@x 1' }, false],
    ['that was amended later is none', { committer: 'm@x 2' }, false],
    ['of a person is none', { author: 'p@x 1', committer: 'p@x 1' }, false],
    ['without a nonce is none', { trailers: [] }, false],
    ['with another nonce is none', { trailers: [['Millwright-Nonce', 'x']] as const }, false],
    ['of an agent is none', { trailers: [nonce, ['millwright-slot', 's']] as const }, false],
    ['of a proposal is none', { trailers: [nonce, ['Millwright-Proposal', 'p']] as const }, false],
  ])('%s.', (_, more, expected) => {
    expect(isLedgerCommit({ ...commit, ...more }, 'm@x')).toBe(expected);
  });
});
