import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { busyWorkspace, outcomeText } from '../e2e/prepared-workspace.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

let folder: GitFolder;
let beside: string;

beforeAll(async () => {
  folder = await busyWorkspace();
  beside = dirname(folder.dir);
  await writeFile(join(beside, 'good.json'), outcomeText('dropped', { id: 'dropped' }));
  await writeFile(join(beside, 'bad.json'), '{"idea_id": 7}');
  await writeFile(join(beside, 'rows.jsonl'), '{"n": 1, "done": "yes"}\n{"n": 2, "done": "no"}\nnot json\n');
  await writeFile(
    join(beside, 'map.yaml'),
    'id: [n]\nfields:\n  idea_id: { const: imported }\n  outcome: { from: done, values: { "yes": accepted, "no": rejected } }\n',
  );
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Every command line, in an order in which each has something to say; the data it must print. */
const lines: readonly { argv: string[]; data: object; code?: number }[] = [
  { argv: ['init'], data: { commit: null, created: [] } },
  {
    argv: ['doctor'],
    data: expect.arrayContaining([expect.objectContaining({ name: 'git', verdict: 'ok' })]),
  },
  {
    argv: ['plan'],
    data: { steps: expect.arrayContaining([expect.objectContaining({ controller: 'intake' })]) },
  },
  {
    argv: ['run', '--dry-run'],
    data: { steps: expect.arrayContaining([expect.objectContaining({ changes: true })]) },
  },
  { argv: ['drop', '../good.json', '--kind', 'outcome'], data: { id: 'dropped', place: 'inbox' } },
  { argv: ['analyze', '--dry-run'], data: { recorded: false, outcomes: 136 } },
  { argv: ['thought', 'a wish', '--id', 'wish'], data: { thought_id: 'wish', place: 'inbox' } },
  { argv: ['run'], data: { changed: true, failures: [], interrupted: false } },
  { argv: ['queue', 'list'], data: { items: [{ item_id: 'wish' }], bad: [] } },
  { argv: ['queue', 'show', 'wish-v1'], data: { what: { slot_id: 'wish-v1' }, life: [] } },
  { argv: ['queue', 'claim', 'wish-v1'], data: { slot_id: 'wish-v1', token: 1, state: 'claimed' } },
  { argv: ['queue', 'renew', 'wish-v1'], data: { token: 1, cancelled: false } },
  { argv: ['queue', 'release', 'wish-v1'], data: { state: 'released' } },
  { argv: ['queue', 'claim', 'wish-v1'], data: { token: 2 } },
  { argv: ['queue', 'complete', 'wish-v1', '--fail'], data: { state: 'failed' } },
  { argv: ['queue', 'stats'], data: { slots: { pending: 4, failed: 1 }, thoughts: { active: 1 } } },
  { argv: ['queue', 'cancel', 'wish'], data: { item_id: 'wish', slots_left: 5 } },
  { argv: ['queue', 'audit'], data: { violations: [] } },
  {
    argv: [
      'import',
      '../rows.jsonl',
      '--map',
      '../map.yaml',
      '--kind',
      'outcome',
      '--rejects',
      '../no.jsonl',
    ],
    data: { added: 2, failed: 1 },
    code: 1,
  },
  { argv: ['analyze'], data: { recorded: true, outcomes: expect.any(Number) } },
  { argv: ['upgrade', '--dry-run'], data: { patches: [], none: expect.any(Array) } },
  { argv: ['upgrade'], data: { patches: [], proposals: expect.any(Array) } },
  { argv: ['review', 'list'], data: [expect.objectContaining({ result: 'unchanged' })] },
  { argv: ['review', 'show', 'millwright/'], data: { persona_id: 'solver', decision: null } },
  {
    argv: ['review', 'reject', 'millwright/', '--reason', 'too dear'],
    data: { decision: 'rejected', reason: 'too dear' },
  },
  {
    argv: ['loop', '--dry-run'],
    data: { steps: expect.any(Array), text: expect.stringContaining('# Week') },
  },
  { argv: ['effects'], data: { patches: [], calibration: { n: 0 } } },
  { argv: ['llm', 'test', '--no-call'], data: { tiers: expect.any(Array) }, code: 1 },
  {
    argv: ['llm', 'prices'],
    data: expect.arrayContaining([expect.objectContaining({ model: expect.any(String) })]),
  },
  { argv: ['llm', 'otel'], data: [] },
  { argv: ['status'], data: { inbox: 0, remote: null, waits: expect.any(Array) } },
  {
    argv: ['plot', 'SELECT outcome, count(*) AS n FROM outcome GROUP BY ALL'],
    data: { rows: expect.any(Number) },
  },
  {
    argv: ['diff', '--from', 'HEAD~8'],
    data: expect.arrayContaining([expect.objectContaining({ name: 'outcome', removed: 0 })]),
  },
  {
    argv: ['export', '--format', 'csv', '--out', '../exported'],
    data: { format: 'csv', tables: { thought: 1 } },
  },
  { argv: ['site', '--out', '../site'], data: { out: expect.any(String) } },
  { argv: ['validate'], data: { checked: { personas: expect.any(Number) }, findings: [], unchecked: [] } },
  { argv: ['compact', '--plan'], data: { months: [] } },
  { argv: ['rebuild'], data: { bad_lines: 0, records: { thought: 1 } } },
  { argv: ['schema'], data: { files: expect.any(Number), changed: expect.any(Array) } },
  { argv: ['schema', '--check'], data: { changed: [] } },
];

describe('--json', () => {
  test.each(lines)(
    '$argv prints one JSON value on stdout and nothing else.',
    async ({ argv, data, code = 0 }) => {
      const answer = await runCliIn(folder.dir, [...argv, '--json']);
      expect(jsonOf(answer)).toMatchObject(data);
      expect(answer.code).toBe(code);
    },
  );

  test('may stand before the command as well.', async () => {
    expect(jsonOf(await runCliIn(folder.dir, ['--json', 'review', 'list']))).toBeInstanceOf(Array);
  });

  test('covers every command.', () => {
    const called = new Set(lines.map(({ argv }) => argv[0]));
    // The demo makes a workspace of its own and has a test of its own; a worker prints lines, not one value; the
    // rows of a query come as they are found, one a line of the value; a shell has no such form.
    const others = commands.map(({ name }) => name).filter((name) => !called.has(name));
    expect(others).toEqual(['demo', 'work', 'query', 'sql']);
  });

  const failures: readonly (readonly [argv: string[], code: string, exit: number])[] = [
    [['drop', '../nothing.json'], 'no-file', 1],
    [['drop', '../bad.json', '--kind', 'outcome'], 'bad-contract', 1],
    [['upgrade', '--persona', 'solvr'], 'unknown-persona', 1],
    [['drop', '../bad.json'], 'usage', 2],
    [['import', '../rows.jsonl'], 'usage', 2],
    [['import', '../rows.jsonl', '--map', '../nothing.yaml'], 'no-file', 1],
    [['import', '../rows.jsonl', '--map', '../map.yaml', '--kind', 'outcmoe'], 'usage', 2],
    [['review', 'show', 'nothing'], 'no-proposal', 1],
    [['queue', 'show', 'nothing'], 'unknown-slot', 1],
    [['queue', 'claim', 'nothing'], 'unknown-slot', 1],
    [['queue', 'claim'], 'nothing-ready', 14],
    [['queue', 'renew', 'wish-v2'], 'usage', 2],
    [['queue', 'renew', 'wish-v2', '--worker', 'me'], 'taken', 11],
    [['queue', 'complete', 'wish-v2'], 'usage', 2],
    [['queue', 'cancel', 'nothing'], 'unknown-item', 1],
    [['queue', 'revive', 'nothing'], 'unknown-slot', 1],
    [['queue', 'watch', '--every', '0'], 'usage', 2],
    [['queue', 'watch', '--item', 'nothing'], 'unknown-item', 1],
    [['queue', 'renew', 'wish-v2', '--token', 'abc'], 'usage', 2],
    [['queue', 'renew', 'wish-v1', '--token', '99', '--worker', 'me'], 'taken', 11],
    [['thought', 'a wish', '--priority', 'high'], 'usage', 2],
    [['work'], 'usage', 2],
    [['work', '--agent', 'claud'], 'usage', 2],
    [['query', 'SELECT nothing FROM outcome'], 'bad-sql', 1],
    [['query', 'DROP TABLE outcome'], 'read-only', 1],
    [['query'], 'usage', 2],
    [['query', 'SELECT 1', '--format', 'xml'], 'usage', 2],
    [['query', 'SELECT 1', '--at', 'no-such-tag'], 'no-such-commit', 1],
    [['query', '--describe', 'outcom'], 'no-view', 1],
    [['plot', 'outcome', '--y', 'nothing'], 'plot-no-column', 1],
    [['diff'], 'usage', 2],
    [['diff', '--from', '1999-01-01'], 'no-such-commit', 1],
    [['export', '--out', '.'], 'file-exists', 1],
    [['review', 'apply', 'nothing'], 'no-proposal', 1],
    [['review', 'reject', 'nothing'], 'no-proposal', 1],
  ];

  test.each(failures)('%j fails as data, with a code, a message and a hint.', async (argv, code, exit) => {
    const answer = await runCliIn(folder.dir, [...argv, '--json']);
    const { error } = jsonOf(answer) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ code, message: expect.any(String) });
    expect(String(error.message)).not.toBe('');
    if (code !== 'bad-contract') expect(error.hint).toEqual(expect.any(String));
    expect(answer.code).toBe(exit);
    expect(await runCliIn(folder.dir, argv)).toMatchObject({ code: exit, out: '' });
  });

  const outside = ['run', 'plan', 'queue list', 'status', 'analyze', 'upgrade', 'doctor', 'review list'];
  test.each(outside)('%s ends with 10 where there is no workspace, and says what to do.', async (line) => {
    await using plain = await gitFolder({ 'a.txt': 'a\n' });
    for (const [dir, code] of [
      [plain.dir, 'no-workspace'],
      [dirname(plain.dir), 'no-repository'],
    ] as const) {
      const answer = await runCliIn(dir, [...line.split(' '), '--json']);
      expect(jsonOf(answer)).toMatchObject({
        error: { code, hint: expect.stringContaining('millwright init') },
      });
      expect(answer.code).toBe(10);
    }
    expect(await plain.git('status', '--porcelain')).toBe('');
  });

  test('--workspace leads to a workspace from anywhere, by an absolute or a relative path.', async () => {
    for (const path of [folder.dir, 'work', join('work', 'queue')])
      expect(jsonOf(await runCliIn(beside, ['status', '--json', '--workspace', path]))).toMatchObject({
        workspace: folder.dir,
      });
  });

  test('the lines that an import could not take lie in the file that was named, with reasons.', async () => {
    const [line = ''] = (await readFile(join(beside, 'no.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(line)).toMatchObject({ line: 3, input: 'not json' });
  });
});
