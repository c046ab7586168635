import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settings } from '../../src/contracts/settings.ts';
import { isRefName } from '../../src/git/ref-name.ts';
import { parseSettings } from '../../src/ledger/read-settings.ts';

const read = (text: string) => parseSettings(Buffer.from(text));

function issuesOf(text: string): { line?: number; field: string; expected: string; hint?: string }[] {
  try {
    read(text);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-settings', hint: expect.any(String) });
    return (error as { data: { issues: [] } }).data.issues;
  }
}

describe('millwright.yaml', () => {
  test('may be empty: every setting has a default.', () => {
    const defaults = settings.parse({});
    for (const text of [
      '',
      '\n',
      '# only a comment\n  # and another\n',
      '{}',
      '\uFEFF',
      '\uFEFF# comment\r\n',
    ])
      expect(read(text)).toEqual(defaults);
    expect(defaults).toMatchObject({
      ledger_branch: 'main',
      limits: { contract_bytes: 5_000_000, segment_bytes: 262_144 },
    });
  });

  test('keeps the defaults of what a group leaves out.', () => {
    const found = read('ledger_branch: millwright/ledger\r\nlimits:\r\n  contract_bytes: 1000\r\n');
    expect(found).toEqual({
      ...settings.parse({}),
      ledger_branch: 'millwright/ledger',
      limits: { ...settings.parse({}).limits, contract_bytes: 1_000 },
    });
  });

  test('is refused with every wrong line named.', () => {
    const text =
      'ledger_branch: "a b"\nlimits:\n  segment_bytes: 1\n  contract_bites: 5\nremote: 7\nref_namespace: refs/x\nledgr_branch: main\n';
    const issues = issuesOf(text);
    const issueOf = (field: string) => issues.find((issue) => issue.field === field);
    expect(issueOf('remote')?.expected).toContain('a string');
    expect(issueOf('ref_namespace')?.expected).toBe('one of "refs/millwright", "refs/heads/millwright"');
    expect(issueOf('limits.segment_bytes')?.expected).toBe('at least 1024');
    expect(issueOf('limits.contract_bites')?.expected).toBe('a known field');
    expect(issueOf('ledgr_branch')?.hint).toBe('did you mean "ledger_branch"?');
    expect(issues.map(({ line, field }) => `${line} ${field}`).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      '1 ledger_branch',
      '3 limits.segment_bytes',
      '4 limits.contract_bites',
      '5 remote',
      '6 ref_namespace',
      '7 ledgr_branch',
    ]);
  });

  test('never sends a misspelt setting to a field that settings do not have.', () => {
    for (const { hint = '' } of issuesOf('limits: {contract_bites: 5}\nxyzzy: 1\n'))
      expect(hint).not.toContain('extra');
  });

  test.each(['a: [', 'a: 1\na: 2', '- a', 'text', '<<<<<<< a\n>>>>>>> b', 'null', '7'])(
    'is refused when it holds %j.',
    (text) => {
      expect(issuesOf(text).length).toBeGreaterThan(0);
    },
  );

  test('takes a branch exactly when git does, but for names that nobody can check out.', () => {
    const parts = fc.constantFrom(
      'main',
      'a',
      '.',
      '..',
      '/',
      '-',
      '@',
      '@{',
      '.lock',
      'lock',
      '~',
      ' ',
      'é',
      '日',
      '#',
      '"',
      '%',
      '\\',
      '\u007f',
      '\n',
      'HEAD',
      ':',
      '[',
      '1',
    );
    const name = fc.array(parts, { minLength: 1, maxLength: 5 }).map((some) => some.join(''));
    fc.assert(
      fc.property(name, (branch) => {
        const wanted =
          isRefName(`refs/heads/${branch}`) && !branch.startsWith('-') && !['@', 'HEAD'].includes(branch);
        expect(settings.safeParse({ ledger_branch: branch }).success, branch).toBe(wanted);
      }),
      { numRuns: 3_000 },
    );
  });

  test('takes no branch that git does not take.', () => {
    for (const branch of ['main', 'millwright/ledger', 'feat/über-1.0', 'a@b', 'release#7', '1.0', 'x"y'])
      if (settings.safeParse({ base_branch: branch }).success)
        execFileSync('git', ['check-ref-format', '--branch', branch]);
    expect(settings.safeParse({ base_branch: 'feat/über-1.0' }).success).toBe(true);
  });
});
