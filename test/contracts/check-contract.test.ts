import { describe, expect, test } from 'vitest';
import { checkContract } from '../../src/contracts/check-contract.ts';
import { describeIssue } from '../../src/contracts/issue.ts';
import type { Kind } from '../../src/contracts/kind.ts';
import { findKind, kinds } from '../../src/contracts/kinds.ts';
import { parseBytes } from '../../src/contracts/parse-text.ts';
import { fullExamples } from './full-examples.ts';

const defaults = { id: 'from-the-file-name', source: 'inbox/x.json' };

/** Checks a contract as it would stand in a file, so that lines count. */
function checkFile(kindName: string, data: unknown) {
  const kind = findKind(kindName);
  if (kind === undefined) throw new Error(`no kind ${kindName}`);
  const read = parseBytes(Buffer.from(JSON.stringify(data, null, 2)), '.json');
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return checkContract(kind, read, defaults);
}

function issuesOf(kindName: string, data: unknown) {
  const checked = checkFile(kindName, data);
  return checked.ok ? [] : checked.issues;
}

function exampleOf(kind: string): Readonly<Record<string, unknown>> {
  return fullExamples[kind] ?? {};
}

/** Where a field stands in the file that `checkFile` makes. */
function lineOf(data: object, field: string): number {
  const lines = JSON.stringify(data, null, 2).split('\n');
  return lines.findIndex((text) => text.startsWith(`  "${field}":`)) + 1;
}

function requiredFields(kind: Kind): string[] {
  return Object.entries(kind.fields.shape).flatMap(([field, schema]) =>
    schema.safeParse(undefined).success ? [] : [field],
  );
}

describe.each(kinds.map((kind) => [kind.name, kind] as const))('a contract of the kind %s', (name, kind) => {
  test('is accepted with every field that it can have, and keeps each of them.', () => {
    const checked = checkFile(name, exampleOf(name));
    const { id, ...fields } = exampleOf(name);
    expect(checked).toMatchObject({ ok: true, contract: { id, fields } });
    expect(new Set(Object.keys(fields))).toEqual(new Set(Object.keys(kind.fields.shape)));
  });

  test.each(requiredFields(kind))('is refused without %s, which the issue names with a line.', (field) => {
    const { [field]: _left, ...rest } = exampleOf(name);
    const [issue, ...others] = issuesOf(name, rest);
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ line: 1, field, found: 'nothing' });
  });

  test.each(Object.keys(kind.fields.shape))(
    'is refused when %s holds something else, on the line where it stands.',
    (field) => {
      const wrong = { ...exampleOf(name), [field]: { not: [['this']] } };
      const line = lineOf(wrong, field);
      const issues = issuesOf(name, wrong);
      expect(issues.length).toBeGreaterThan(0);
      for (const issue of issues) {
        expect(issue.line).toBeGreaterThanOrEqual(line);
        expect(issue.expected).not.toMatch(/Invalid|undefined|\[object/);
      }
      expect(issues.some((issue) => issue.field.startsWith(field))).toBe(true);
    },
  );

  test('is refused with a misspelt field, and the right name is suggested.', () => {
    const field = requiredFields(kind).at(-1) ?? '';
    const misspelt = `${field.slice(0, -1)}${field.endsWith('x') ? 'y' : 'x'}`;
    const issues = issuesOf(name, { ...exampleOf(name), [misspelt]: 1 });
    const line = lineOf({ ...exampleOf(name), [misspelt]: 1 }, misspelt);
    expect(issues).toEqual([
      {
        line,
        field: misspelt,
        expected: 'a known field',
        found: 'an unknown one',
        hint: `did you mean "${field}"?`,
      },
    ]);
  });

  test('may say its kind and schema version, which have to be right.', () => {
    const example = { kind: name, schema_version: 1, ...exampleOf(name) };
    expect(issuesOf(name, example)).toEqual([]);
    expect(issuesOf(name, { ...example, kind: 'other' })).toMatchObject([
      { line: 2, field: 'kind', found: '"other"' },
    ]);
    expect(issuesOf(name, { ...example, schema_version: 2 })).toMatchObject([
      {
        line: 3,
        field: 'schema_version',
        expected: '1',
        found: '2',
        hint: expect.stringContaining('update the runner'),
      },
    ]);
    for (const version of [0, '1', 1.5, true, []]) {
      const [issue] = issuesOf(name, { ...example, schema_version: version });
      expect(issue).toMatchObject({ field: 'schema_version' });
    }
  });

  test('is told about every problem at once.', () => {
    const issues = issuesOf(name, { kind: 'x', schema_version: 9, id: 'not an id', unheard_of_thing: 1 });
    const fields = issues.map(({ field }) => field);
    expect(fields).toEqual(
      expect.arrayContaining(['kind', 'schema_version', 'id', 'unheard_of_thing', ...requiredFields(kind)]),
    );
    expect(new Set(fields).size).toBe(fields.length);
  });
});

describe('the id of a contract', () => {
  test('is its own, else that of its kind, else the name of its file.', () => {
    const { id: _id, signal_id: _signal, ...rest } = exampleOf('research_signal');
    const idOf = (more: object) => {
      const checked = checkFile('research_signal', { ...rest, ...more });
      return checked.ok && [checked.contract.id, checked.contract.fields.signal_id];
    };
    expect(idOf({ id: 'a', signal_id: 'a' })).toEqual(['a', 'a']);
    expect(idOf({ id: 'b' })).toEqual(['b', 'b']);
    expect(idOf({ signal_id: 'c' })).toEqual(['c', 'c']);
    expect(idOf({})).toEqual(['from-the-file-name', 'from-the-file-name']);
  });

  test('may not be said twice in two ways.', () => {
    expect(issuesOf('patch', { ...exampleOf('patch'), patch_id: 'patch-2' })).toMatchObject([
      { line: 3, field: 'patch_id', expected: 'the record\'s id "patch-1"', found: '"patch-2"' },
    ]);
  });

  test('is no path and no ref, wherever it comes from.', () => {
    for (const id of ['../../etc/passwd', 'a/b', '/etc/passwd', '..', 'x.lock', '-rf', '', 7, {}, ['a']]) {
      const wrong = { ...exampleOf('outcome'), id };
      expect(issuesOf('outcome', wrong)).toMatchObject([{ line: lineOf(wrong, 'id'), field: 'id' }]);
    }
    const outcome = findKind('outcome');
    if (outcome === undefined) throw new Error('no kind outcome');
    const checked = checkContract(
      outcome,
      { data: { idea_id: 'a', outcome: 'accepted' } },
      { id: '../up', source: 's' },
    );
    expect(checked).toMatchObject({ ok: false, issues: [{ field: 'id', found: '"../up"' }] });
  });
});

describe('a contract', () => {
  test.each([[null], [[]], ['text'], [7], [true]])('has to be an object, which %j is not.', (data) => {
    expect(issuesOf('outcome', data)).toMatchObject([
      { line: 1, field: '', expected: 'an object with fields' },
    ]);
  });

  test('takes the text below its front matter as the field that its kind names.', () => {
    const outcome = findKind('outcome');
    if (outcome === undefined) throw new Error('no kind outcome');
    const check = (front: object, body: string) =>
      checkContract(outcome, { data: { idea_id: 'a', outcome: 'failed', ...front }, body }, defaults);
    expect(check({}, 'Went badly.')).toMatchObject({
      ok: true,
      contract: { fields: { notes: 'Went badly.' } },
    });
    expect(check({ notes: 'Same.' }, 'Same.')).toMatchObject({ ok: true });
    expect(check({ notes: 'One.' }, 'Two.')).toMatchObject({ ok: false, issues: [{ field: 'notes' }] });
  });

  test('of a kind without such a field may have no text at all.', () => {
    const pass = findKind('pass');
    if (pass === undefined) throw new Error('no kind pass');
    const checked = checkContract(pass, { data: exampleOf('pass'), body: 'prose' }, defaults);
    expect(checked).toMatchObject({ ok: false, issues: [{ field: 'body', expected: 'a known field' }] });
  });

  test('keeps times in UTC with milliseconds, and refuses what is no time.', () => {
    const timeOf = (emitted_at: unknown) => {
      const checked = checkFile('outcome', { idea_id: 'a', outcome: 'failed', emitted_at });
      return checked.ok ? checked.contract.fields.emitted_at : checked.issues[0]?.field;
    };
    expect(timeOf('2026-11-21T10:30:00+02:00')).toBe('2026-11-21T08:30:00.000Z');
    expect(timeOf('2026-11-21T08:30:00Z')).toBe('2026-11-21T08:30:00.000Z');
    expect(timeOf('2026-11-21T08:30:00.123456Z')).toBe('2026-11-21T08:30:00.123Z');
    for (const bad of [
      'garbage',
      '',
      '2026-11-21',
      '2026-02-30T00:00:00Z',
      '2026-11-21T08:30:00',
      '9999-12-31T23:59:59-10:00',
      '0000-01-01T00:00:00+10:00',
      1_700_000_000_000,
      {},
    ])
      expect(timeOf(bad)).toBe('emitted_at');
  });

  test('keeps a recorded_at or a source that it brings along from deciding anything.', () => {
    const checked = checkFile('outcome', {
      ...exampleOf('outcome'),
      recorded_at: '1999-01-01T00:00:00.000Z',
      source: 'my script',
    });
    expect(checked).toMatchObject({ ok: true, contract: { source: 'my script' } });
    expect(checked.ok && 'recorded_at' in checked.contract.fields).toBe(false);
    for (const source of ['', 7, 'x'.repeat(1_001), null])
      expect(issuesOf('outcome', { ...exampleOf('outcome'), source })).toMatchObject([{ field: 'source' }]);
  });

  test('is not told more than a hundred problems, and how many there are besides.', () => {
    const wrong = Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`field_number_${n}`, n]));
    const since = performance.now();
    const issues = issuesOf('outcome', { ...exampleOf('outcome'), ...wrong });
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)).toMatchObject({ expected: 'no further problems', found: '29900 more' });
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  test('with names full of control characters cannot forge a message.', () => {
    const [issue] = issuesOf('outcome', {
      ...exampleOf('outcome'),
      'a\u001b[31m\nfile.json:1: all is well': 1,
    });
    expect(
      describeIssue('evil\n\u001b[2Jname.json', issue ?? { field: '', expected: '', found: '' }),
    ).not.toMatch(/\p{Cc}/u);
    expect(JSON.stringify(issue).length).toBeLessThan(400);
  });
});
