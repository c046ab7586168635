import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Io } from '../../src/cli/command.ts';
import { loop } from '../../src/cli/loop.ts';
import { busyWorkspace, freshWorkspace } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Calls the command itself, with its options as the command line gives them. */
async function loopIn(folder: GitFolder, options: Record<string, unknown> = {}): Promise<Answer> {
  const said = { out: '', err: '' };
  const io: Io = {
    cwd: folder.dir,
    env: {},
    json: options.json === true,
    color: false,
    signal: new AbortController().signal,
    insist: new AbortController().signal,
    terminal: false,
    width: undefined,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    pipe: async (piece) => {
      said.out += piece.toString();
    },
  };
  const code = (await loop.run?.({ args: [], options, folder: folder.dir }, io)) ?? 0;
  return { code, ...said };
}

async function stateOf(folder: GitFolder) {
  return {
    refs: await folder.git('for-each-ref'),
    status: await folder.git('status', '--porcelain', '-uall'),
    index: await folder.git('ls-files', '-s'),
  };
}

let folder: GitFolder;
beforeAll(async () => {
  folder = await busyWorkspace();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('millwright loop', () => {
  test('--dry-run says what it would do, prints the report, and changes nothing.', async () => {
    const before = await stateOf(folder);
    const { code, out, err } = await loopIn(folder, { dryRun: true });
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toMatch(/^\* analysis: analyse \d+ outcomes; it finds \d+\n/);
    expect(out).toMatch(/^\* intake: record 5 outcome/m);
    expect(out).toMatch(/^\* report: write artifacts\/reports\/\d{4}-W\d{2}\.md$/m);
    expect(out).toContain('## What came in\n');
    expect(await stateOf(folder)).toEqual(before);
    const json = await loopIn(folder, { dryRun: true, json: true, week: '2026-W30' });
    expect(JSON.parse(json.out)).toMatchObject({ week: '2026-W30', report: 'artifacts/reports/2026-W30.md' });
    expect(JSON.parse(json.out).text).toContain('# Week 2026-W30');
    expect(await stateOf(folder)).toEqual(before);
  });

  test('refuses a week that is none.', async () => {
    await expect(loopIn(folder, { week: '2026-W60' })).rejects.toMatchObject({ code: 'usage' });
  });

  test('runs it: words go to stderr, the result to stdout, the report to the ledger branch.', async () => {
    const { code, out, err } = await loopIn(folder);
    expect(code).toBe(0);
    expect(err).toMatch(/^ {2}take in \d+ files?\n {2}analyse the outcomes: the loop asks for it\n/);
    expect(err).toMatch(/^ {2}report on \d{4}-W\d{2}$/m);
    expect(out).toMatch(/^analysed \d+ outcomes: \d+ findings?, \d+ new\n/);
    const [, path = ''] = /^wrote (artifacts\/reports\/\S+\.md)$/m.exec(out) ?? [];
    expect(await folder.git('show', `main:${path}`)).toContain('## What came in');
    const again = await loopIn(folder, { json: true });
    expect(JSON.parse(again.out)).toMatchObject({ written: [], report: path, pass: { changed: false } });
    expect(again.err).toBe('');
  });

  test('reads well in a workspace where nothing has happened.', async () => {
    await using fresh = await freshWorkspace();
    expect(await loopIn(fresh)).toMatchObject({ code: 0 });
    const report = await fresh.git('ls-tree', '-r', '--name-only', 'main', 'artifacts/reports');
    expect(report).toMatch(/^artifacts\/reports\/\d{4}-W\d{2}\.md$/);
    expect(await fresh.read(report)).toContain('Nothing came in.');
  });
});
