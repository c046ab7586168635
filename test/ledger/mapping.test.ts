import { describe, expect, test } from 'vitest';
import { idSchema, idTime } from '../../src/contracts/ids.ts';
import { mapLine, parseMapping } from '../../src/ledger/mapping.ts';

function issuesOf(text: string) {
  try {
    parseMapping('map.yaml', Buffer.from(text));
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-mapping', hint: expect.any(String) });
    return (error as { data: { issues: { line?: number; field: string; expected: string }[] } }).data.issues;
  }
}

const rules = (text: string) => parseMapping('map.yaml', Buffer.from(text));

describe('a mapping', () => {
  test('is refused with every wrong line named.', () => {
    expect(
      issuesOf(
        'id: []\nfields:\n  a: { form: x }\n  b: { from: x, optional: maybe }\n  c: 7\nfeilds: 1\n',
      ).map(({ line, field }) => `${line} ${field}`),
    ).toEqual(['1 id', '3 fields.a', '4 fields.b', '5 fields.c', '6 feilds']);
    expect(issuesOf('id: [a]\nfields:\n  a: { form: x }\n')).toMatchObject([
      { line: 3, expected: expect.stringContaining('{ from: NAME }') },
    ]);
    expect(issuesOf('id: [a]\nfeilds: {}\n')).toMatchObject([
      { field: 'fields' },
      { field: 'feilds', hint: 'did you mean "fields"?' },
    ]);
  });

  test.each([
    '',
    '# nothing',
    '[]',
    'text',
    'a: [',
    'id: [a]\nid: [b]\nfields: {}',
    '<<<<<<< a\n>>>>>>> b',
    'id: [a]',
    'fields: {}',
    'id: a\nfields: {}',
    '\0',
  ])('that is %j is refused.', (text) => {
    expect(issuesOf(text).length).toBeGreaterThan(0);
  });

  test('may be JSON, which is YAML as well.', () => {
    expect(rules('{"id": ["a"], "fields": {"idea_id": {"from": "a"}}}').fields).toEqual({
      idea_id: { from: 'a', optional: false },
    });
  });
});

describe('a mapped line', () => {
  const all = rules(`id: [task.id]
fields:
  idea_id: { from: task.id }
  outcome: { from: state, values: { '1': accepted, 'true': accepted, 'null': failed, '': error } }
  notes: { from: text, optional: true }
  smoke_test_pass: { const: null }
  emitted_at: { from: at, optional: true }
`);

  test('takes values by their text, and leaves out what is optional and not there.', () => {
    const map = (foreign: unknown) => mapLine(all, 'outcome', foreign);
    expect(map({ task: { id: 'a' }, state: 1 }).data).toMatchObject({
      idea_id: 'a',
      outcome: 'accepted',
      smoke_test_pass: null,
    });
    expect(map({ task: { id: 'a' }, state: true, text: '' }).data).toMatchObject({
      outcome: 'accepted',
      notes: '',
    });
    expect(map({ task: { id: 'a' }, state: '', text: null }).data).not.toHaveProperty('notes');
    expect(map({ task: { id: 'a' }, state: 'constructor' }).issues).toMatchObject([
      { field: 'state', found: '"constructor"' },
    ]);
    expect(map({ task: { id: 'a' }, state: null }).issues).toMatchObject([{ field: 'state', found: 'null' }]);
  });

  test('reports each field that is missing, and follows no path into what is no object.', () => {
    for (const foreign of [
      null,
      7,
      'text',
      [],
      {},
      { task: 'id' },
      { task: [] },
      { task: { __proto__: { id: 'x' } } },
    ])
      expect(mapLine(all, 'outcome', foreign).issues.map(({ field }) => field)).toEqual([
        'task.id',
        'state',
        'task.id',
      ]);
    expect(mapLine(rules('id: [constructor.name]\nfields: {}'), 'outcome', {}).issues).toHaveLength(1);
  });

  test('gets an id from values alone: an object or a list is none.', () => {
    const byObject = rules('id: [task]\nfields: {}');
    for (const task of [{ id: 1 }, [1], null])
      expect(mapLine(byObject, 'outcome', { task }).issues).toMatchObject([{ field: 'task' }]);
    for (const task of ['a', 1, true, 'ä b/c', 'x'.repeat(500), '']) {
      const { data, issues } = mapLine(byObject, 'outcome', { task });
      expect(issues).toEqual([]);
      expect(idSchema.safeParse(data.id).success).toBe(true);
      expect(mapLine(byObject, 'outcome', { task }).data.id).toBe(data.id);
      expect(mapLine(byObject, 'outcome', { task: `${task}!` }).data.id).not.toBe(data.id);
    }
  });

  test('carries the time of its event in its id, or none when it has none.', () => {
    const at = '2026-11-01T12:00:00.000Z';
    const idOf = (foreign: object) =>
      String(mapLine(all, 'outcome', { task: { id: 'a' }, state: 1, ...foreign }).data.id);
    expect(idTime(idOf({ at })).toISOString()).toBe(at);
    for (const none of [{}, { at: 'yesterday' }, { at: 7 }]) expect(idTime(idOf(none)).getTime()).toBe(0);
  });
});
