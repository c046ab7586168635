import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import { outcome } from '../../src/contracts/outcome.ts';
import { type ImportReport, importFile } from '../../src/ledger/import-file.ts';
import { type Mapping, parseMapping } from '../../src/ledger/mapping.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { idsOf, inLedger, ledgerFolder, recordsOf } from './ledger-folder.ts';

const rules = parseMapping(
  'map.yaml',
  Buffer.from(`id: [model, task.id]
fields:
  idea_id: { from: task.id }
  outcome: { from: resolved, values: { 'true': accepted, 'false': rejected } }
  model: { from: model }
  tokens: { from: usage.total, optional: true }
  persona_id: { const: solver }
  emitted_at: { const: '2026-11-01T00:00:00.000Z' }
`),
);
afterEach(() => installFaultHook(undefined));

const good = (n: number, more: object = {}) =>
  JSON.stringify({ model: 'm', task: { id: `t-${n}` }, resolved: n % 2 === 0, ...more });

interface Options {
  readonly rules?: Mapping;
  readonly batchLines?: number;
}

async function importText(
  folder: GitFolder,
  text: string | Uint8Array,
  options: Options = {},
): Promise<ImportReport> {
  const file = join(dirname(folder.dir), 'foreign.jsonl');
  await writeFile(file, text);
  return inLedger(folder.dir, ({ workspace, index }) =>
    importFile(workspace, index, { file, kind: outcome, rules, rejectsFile: `${file}.rejected`, ...options }),
  );
}

interface Rejected {
  readonly line: number;
  readonly reasons: readonly string[];
  readonly input: string;
}

async function rejects(folder: GitFolder): Promise<Rejected[]> {
  const text = await readFile(join(dirname(folder.dir), 'foreign.jsonl.rejected'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Rejected);
}

describe('an import', () => {
  test('maps fields, values, nested fields and constants, and computes ids.', async () => {
    await using folder = await ledgerFolder();
    const report = await importText(folder, `${good(0, { usage: { total: 12 } })}\n${good(1)}\n`);
    expect(report).toEqual({ lines: 2, added: 2, unchanged: 0, failed: 0, unmapped: [], commits: 1 });
    expect(await recordsOf(folder.dir)).toMatchObject([
      {
        id: '01m6a6ft00--m--t-0',
        kind: 'outcome',
        source: 'import:foreign.jsonl',
        idea_id: 't-0',
        outcome: 'accepted',
        tokens: 12,
        persona_id: 'solver',
        emitted_at: '2026-11-01T00:00:00.000Z',
      },
      { idea_id: 't-1', outcome: 'rejected', model: 'm' },
    ]);
    expect((await recordsOf(folder.dir))[1]).not.toHaveProperty('tokens');
    expect(await rejects(folder)).toEqual([]);
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('of five thousand lines takes the good ones and writes the others down with their reasons.', async () => {
    await using folder = await ledgerFolder();
    const lines = Array.from({ length: 5_000 }, (_, n) => {
      if (n % 100 === 1) return '{"model": "m", broken';
      if (n % 100 === 2) return good(n, { resolved: 'maybe' });
      if (n % 100 === 3) return good(n, { usage: { total: -5 } });
      if (n % 100 === 4) return good(n, { model: null });
      return good(n);
    });
    const report = await importText(folder, lines.join('\n'), { batchLines: 1_000 });
    expect(report).toMatchObject({ lines: 5_000, added: 4_800, unchanged: 0, failed: 200, commits: 5 });
    const failed = await rejects(folder);
    expect(failed).toHaveLength(200);
    expect(failed.slice(0, 4)).toEqual([
      {
        line: 2,
        reasons: [expect.stringMatching(/^line 2: expected one JSON object, found /)],
        input: lines[1],
      },
      { line: 3, reasons: ['line 3: resolved: expected one of true, false, found "maybe"'], input: lines[2] },
      { line: 4, reasons: ['line 4: tokens: expected at least 0, found -5'], input: lines[3] },
      {
        line: 5,
        reasons: [
          'line 5: model: expected a value for model, found null',
          'line 5: model: expected a value that the id is computed from, found null',
        ],
        input: lines[4],
      },
    ]);
    expect((await idsOf(folder.dir)).length).toBe(4_800);
  });

  test('that runs twice changes nothing the second time, and makes no commit.', async () => {
    await using folder = await ledgerFolder();
    const text = Array.from({ length: 500 }, (_, n) => good(n)).join('\n');
    await importText(folder, text, { batchLines: 100 });
    const tip = await folder.git('rev-parse', 'HEAD');
    expect(await importText(folder, text, { batchLines: 77 })).toMatchObject({
      added: 0,
      unchanged: 500,
      failed: 0,
      commits: 0,
    });
    expect(await folder.git('rev-parse', 'HEAD')).toBe(tip);
    expect(await importText(folder, `${text}\n${good(500)}`)).toMatchObject({
      added: 1,
      unchanged: 500,
      commits: 1,
    });
  });

  test('says which lines have other content than what is recorded under their id.', async () => {
    await using folder = await ledgerFolder();
    await importText(folder, [good(0), good(1)].join('\n'));
    const report = await importText(
      folder,
      [good(0), good(1, { resolved: true }), good(2), good(2, { resolved: false }), good(2)].join('\n'),
    );
    expect(report).toMatchObject({ added: 1, unchanged: 2, failed: 2 });
    expect((await rejects(folder)).map(({ line, reasons }) => [line, reasons[0]])).toEqual([
      [
        2,
        'line 2: id: expected a line of its own, or one that is recorded already, found other content under the same computed id',
      ],
      [4, expect.stringContaining('other content')],
    ]);
  });

  test.each(['import:batch-published', 'log:commit-written', 'log:published'])(
    'that dies at %s ends, when run again, as if it had not.',
    async (point) => {
      const text = [...Array.from({ length: 40 }, (_, n) => good(n)), 'broken'].join('\n');
      await using whole = await ledgerFolder();
      await importText(whole, text, { batchLines: 10 });
      for (const deaths of [1, 2, 3]) {
        await using folder = await ledgerFolder();
        let visits = 0;
        installFaultHook((at) => {
          if (at !== point) return;
          visits += 1;
          if (visits === deaths) throw new Error('died');
        });
        await expect(importText(folder, text, { batchLines: 10 })).rejects.toThrow('died');
        installFaultHook(undefined);
        const report = await importText(folder, text, { batchLines: 10 });
        expect(report.added + report.unchanged).toBe(40);
        expect(await idsOf(folder.dir)).toEqual(await idsOf(whole.dir));
        expect(await rejects(folder)).toEqual(await rejects(whole));
        expect(await folder.git('status', '--porcelain')).toBe('');
      }
    },
  );

  test('that fails while the next batch is still being read fails, and nothing goes unheard.', async () => {
    await using folder = await ledgerFolder();
    const unheard: unknown[] = [];
    const listen = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', listen);
    installFaultHook((at) => {
      if (at === 'import:batch-published') throw new Error('died');
    });
    const text = Array.from({ length: 20_000 }, (_, n) => good(n)).join('\n');
    await expect(importText(folder, text, { batchLines: 10 })).rejects.toThrow('died');
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', listen);
    expect(unheard).toEqual([]);
  });

  test('takes LF, CRLF, a byte order mark, empty lines and no last line end, and counts lines as an editor does.', async () => {
    await using folder = await ledgerFolder();
    const report = await importText(folder, `\uFEFF${good(0)}\r\n\r\n  \r\n${good(1)}\n\nbroken\n${good(2)}`);
    expect(report).toMatchObject({ lines: 7, added: 3, failed: 1 });
    expect((await rejects(folder)).map(({ line }) => line)).toEqual([6]);
  });

  test('ends a line nowhere but at a line feed: other line ends may stand inside a text.', async () => {
    await using folder = await ledgerFolder();
    const report = await importText(folder, `${good(0, { model: 'a\u2028b\u2029c\u0085d' })}\n${good(1)}\n`);
    expect(report).toMatchObject({ lines: 2, added: 2, failed: 0 });
    expect((await recordsOf(folder.dir))[0]).toMatchObject({ model: 'a\u2028b\u2029c\u0085d' });
  });

  test('refuses a huge line and one that is not UTF-8, and takes those around them.', async () => {
    await using folder = await ledgerFolder();
    const huge = `{"model": "${'x'.repeat(8_000_000)}"}`;
    const latin = Buffer.from('{"model": "\xe9"}\n', 'latin1');
    const report = await importText(
      folder,
      Buffer.concat([Buffer.from(`${good(0)}\n${huge}\n${good(1)}\n`), latin, Buffer.from(good(2))]),
    );
    expect(report).toMatchObject({ lines: 5, added: 3, failed: 2 });
    const [first, second] = await rejects(folder);
    expect(first).toMatchObject({
      line: 2,
      reasons: [`line 2: expected at most 5000000 bytes, found ${huge.length} bytes`],
    });
    expect(first?.input.length).toBeLessThanOrEqual(100_000);
    expect(second).toMatchObject({
      line: 4,
      reasons: ['line 4: expected UTF-8 text, found bytes that are not UTF-8'],
    });
  });

  test('takes a line at the limit, in however many pieces it arrives.', async () => {
    await using folder = await ledgerFolder('limits: {contract_bytes: 3000000}\n');
    const line = good(0, { noise: 'x'.repeat(2_999_900 - good(0).length) });
    expect(await importText(folder, `${good(1)}\n${line}\n${good(2)}`)).toMatchObject({
      added: 3,
      failed: 0,
      unmapped: ['noise'],
    });
  });

  test('names every foreign field that the mapping leaves out, wherever it first turns up.', async () => {
    await using folder = await ledgerFolder();
    const lines = [
      good(0),
      good(1, { late: 1, __proto__x: 2 }),
      good(2, { later: 1, late: 2 }),
      '[1]',
      '7',
      good(3, { usage: { total: 1, other: 2 } }),
    ];
    expect((await importText(folder, lines.join('\n'))).unmapped).toEqual(['late', '__proto__x', 'later']);
    const many = Array.from({ length: 300 }, (_, n) => good(n + 10, { [`f${n}`]: n }));
    expect((await importText(folder, many.join('\n'))).unmapped).toHaveLength(100);
  });

  test('never shows a secret in a reason, and never records one.', async () => {
    await using folder = await ledgerFolder();
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const lines = [good(0, { model: `x ${token}` }), `{"model": ${token}`, good(1, { resolved: token })];
    expect(await importText(folder, lines.join('\n'))).toMatchObject({ added: 0, failed: 3 });
    for (const { reasons } of await rejects(folder)) expect(reasons.join()).not.toContain('a1B2a1B2');
  });

  test('of an empty file, or of one with nothing but line ends, does nothing.', async () => {
    await using folder = await ledgerFolder();
    expect(await importText(folder, '')).toMatchObject({ lines: 0, added: 0, commits: 0 });
    expect(await importText(folder, '\n\n\r\n')).toMatchObject({ lines: 3, added: 0, failed: 0, commits: 0 });
  });

  test('of a folder, or with a place for failed lines that does not exist, is an error that can be caught.', async () => {
    await using folder = await ledgerFolder();
    const file = join(dirname(folder.dir), 'a-folder');
    await mkdir(file);
    const run = (input: string, rejectsFile: string) =>
      inLedger(folder.dir, ({ workspace, index }) =>
        importFile(workspace, index, { file: input, kind: outcome, rules, rejectsFile }),
      );
    await expect(run(file, join(file, 'r'))).rejects.toMatchObject({ code: 'EISDIR' });
    const broken = join(file, 'broken.jsonl');
    await writeFile(broken, `broken\n${good(0)}\n`);
    await expect(run(broken, join(file, 'no/such/folder/r'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await idsOf(folder.dir)).toHaveLength(1);
  });

  test('reports its progress a batch at a time.', async () => {
    await using folder = await ledgerFolder();
    const seen: number[] = [];
    const file = join(dirname(folder.dir), 'foreign.jsonl');
    await writeFile(file, Array.from({ length: 25 }, (_, n) => good(n)).join('\n'));
    await inLedger(folder.dir, ({ workspace, index }) =>
      importFile(workspace, index, {
        file,
        kind: outcome,
        rules,
        rejectsFile: `${file}.r`,
        batchLines: 10,
        onProgress: ({ added }) => seen.push(added),
      }),
    );
    expect(seen).toEqual([10, 20, 25]);
  });
});
