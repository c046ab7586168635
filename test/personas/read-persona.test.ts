import { describe, expect, test } from 'vitest';
import { describeIssue } from '../../src/contracts/issue.ts';
import { openWorkspace } from '../../src/ledger/workspace.ts';
import { personaError, readPersona, readRoster } from '../../src/personas/read-persona.ts';
import { gitFolder } from '../support/git-folder.ts';
import { shippedText } from './shipped-personas.ts';

const path = 'personas/solver.yaml';
const text = shippedText('solver.yaml');

function problems(changed: string, at = path): string[] {
  const read = readPersona(at, changed);
  return read.ok ? [] : read.issues.map((issue) => describeIssue(at, issue));
}

/** The line on which `words` first stand, counted from 1. */
function lineOf(words: string, within = text): number {
  return within.split('\n').findIndex((line) => line.includes(words)) + 1;
}

describe('a persona that cannot be read', () => {
  test.each([
    ['version: 1.0.0', 'version: one', 'version', '"one"'],
    ['tier: sub', 'tier: huge', 'tier', '"huge"'],
    ['team: engineering', 'team: sales', 'team', '"sales"'],
    ['active: true', 'active: maybe', 'active', '"maybe"'],
    ['default: gpt-5-mini', 'default: 5', 'routing.default', '5'],
    ['  domains: {}', '  domains: []', 'routing.domains', '[]'],
    ['name: Solver', 'name: ""', 'name', '""'],
    ['id: solver-repro-first', 'id: Not Kebab', 'playbook.0.id', '"Not Kebab"'],
    ['    added_in: 1.0.0', '    added_in: soon', 'playbook.0.added_in', '"soon"'],
    ['    helpful: 0', '    helpful: -1', 'playbook.0.helpful', '-1'],
  ])('names line, field and value when %j becomes %j.', (good, bad, field, found) => {
    const changed = text.replace(good, bad);
    const [only, ...more] = problems(changed);
    expect(more).toEqual([]);
    expect(only).toMatch(new RegExp(`^${path}:${lineOf(bad, changed)}: ${field}: expected .`));
    expect(only?.endsWith(`found ${found}`)).toBe(true);
  });

  test('names an unknown field, and the one that was probably meant.', () => {
    const read = readPersona(path, text.replace('tier: sub', 'tiers: sub'));
    const issues = read.ok ? [] : read.issues;
    const line = lineOf('tier: sub');
    expect(issues.map((issue) => describeIssue(path, issue))).toEqual(
      expect.arrayContaining([`${path}:${line}: tiers: expected a known field, found an unknown one`]),
    );
    expect(issues.find(({ field }) => field === 'tiers')?.hint).toBe('did you mean "tier"?');
  });

  test('names every problem at once, not the first alone.', () => {
    const changed = text.replace('tier: sub', 'tier: huge').replace('active: true', 'active: maybe');
    expect(problems(changed)).toHaveLength(2);
  });

  test('names the second of two bullets with one id.', () => {
    const changed = text.replace('solver-affected-tests', 'solver-repro-first');
    const line = changed.split('\n').findLastIndex((one) => one.includes('id: solver-repro-first')) + 1;
    expect(problems(changed)).toEqual([
      `${path}:${line}: playbook.1.id: expected bullet ids that differ, found "solver-repro-first" twice, found "solver-repro-first"`,
    ]);
  });

  test('names the line of its id when the file is called otherwise.', () => {
    expect(problems(text, 'personas/fixer.yaml')).toEqual([
      `personas/fixer.yaml:${lineOf('id: solver')}: id: expected the name of the file, found "solver"`,
    ]);
    expect(problems(text, 'personas/the-solver.yaml')).toHaveLength(1);
  });

  test.each([
    ['an empty file', '', 'expected a contract, found an empty file'],
    ['a list', '- a\n', 'expected an object, found ["a"]'],
    ['a scalar', 'hello\n', 'expected an object, found "hello"'],
    ['a duplicate key', `${text}tier: sub\n`, 'expected each key once'],
    [
      'conflict markers',
      text.replace('tier: sub', '<<<<<<< ours\ntier: sub\n=======\n>>>>>>> theirs'),
      'git conflict',
    ],
    ['broken YAML', text.replace('tier: sub', 'tier: [sub'), 'expected valid YAML'],
    ['two documents', `${text}---\nid: other\n`, 'expected valid YAML'],
  ])('says so of %s.', (_what, changed, wanted) => {
    const found = problems(changed);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatch(/^personas\/solver\.yaml:\d+: /);
    expect(found[0]).toContain(wanted);
  });

  test('becomes an error that holds every line of it.', () => {
    const read = readPersona(path, text.replace('tier: sub', 'tier: huge'));
    const error = personaError(path, read.ok ? [] : read.issues);
    expect(error.code).toBe('bad-persona');
    expect(error.message).toBe(problems(text.replace('tier: sub', 'tier: huge')).join('\n'));
  });
});

describe('a persona that can be read', () => {
  test('may have CRLF line ends and a byte order mark.', () => {
    expect(problems(`\u{feff}${text.replaceAll('\n', '\r\n')}`)).toEqual([]);
  });
});

describe('the roster of a workspace', () => {
  test('holds the readable and the unreadable by file name, and nothing but YAML files.', async () => {
    await using folder = await gitFolder({
      'millwright.yaml': '',
      [path]: text,
      'personas/broken.yaml': 'id: [\n',
      'personas/README.md': '# no persona\n',
      'personas/old/solver.yaml': text,
    });
    const workspace = await openWorkspace(folder.dir);
    try {
      const roster = await readRoster((await workspace.base.tip()).snapshot, 'personas');
      expect(roster.map((read) => (read.ok ? read.file.path : `bad: ${read.path}`))).toEqual([
        'bad: personas/broken.yaml',
        path,
      ]);
    } finally {
      workspace.close();
    }
  });

  test('is empty where there is no folder of personas.', async () => {
    await using folder = await gitFolder({ 'millwright.yaml': '' });
    const workspace = await openWorkspace(folder.dir);
    const roster = await readRoster((await workspace.base.tip()).snapshot, 'personas');
    workspace.close();
    expect(roster).toEqual([]);
  });
});
