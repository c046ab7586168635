import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshWorkspace, outcomeText, place } from '../../e2e/prepared-workspace.ts';
import type { GitFolder } from '../../support/git-folder.ts';
import { runCliIn } from '../run-cli-in.ts';
import { ON_ACTIONS } from './fake-io.ts';
import { runnerCommands } from './runner-commands.ts';

let folder: GitFolder;
beforeAll(async () => {
  folder = await freshWorkspace();
});
afterAll(() => folder[Symbol.asyncDispose]());

const WRONG =
  '{\n  "id": "o-1", "idea_id": "i-1",\n  "outcome": "perhaps",\n  "emitted_at": "2026-11-01T00:00:00.000Z"\n}\n';

describe('a pass on GitHub Actions', () => {
  test('annotates each refused contract where it is wrong, and writes a summary.', async () => {
    const summary = join(dirname(folder.dir), 'summary.md');
    const env = {
      ...ON_ACTIONS,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'mill/works',
    };
    await place(folder.dir, 'queue/inbox/outcome/good.json', outcomeText('i-0'));
    await place(folder.dir, 'queue/inbox/outcome/::error::x,y.json', WRONG);
    const secret = outcomeText('i-2', { notes: `ghp_${'a1b2'.repeat(9)}` });
    await place(folder.dir, 'queue/inbox/outcome/secret.json', secret);
    const { code, err, out } = await runCliIn(folder.dir, ['run', '--once'], { env });
    expect(code).toBe(0);
    expect(runnerCommands(out)).toEqual([]);
    const commands = runnerCommands(err);
    expect(commands).toHaveLength(2);
    expect(commands.map(({ data }) => data).join()).not.toContain('.local');
    expect(commands.find(({ properties }) => properties.line === '3')).toMatchObject({
      name: 'error',
      properties: { file: 'queue/inbox/outcome/::error::x,y.json', line: '3', title: 'Contract rejected' },
      data: expect.stringMatching(
        /^outcome: expected .*found "perhaps"\nsee queue\/rejected\/.*\.error\.md$/,
      ),
    });
    const text = await readFile(summary, 'utf8');
    expect(text).toMatch(/^## The pass is done, in /);
    expect(text).toMatch(/\| `queue\/inbox\/outcome\/secret\.json` \| .*It stays out of the history/);
    expect(text).toContain('Recorded: 1 outcome.');
    expect(text).toMatch(
      /\| \[`queue\/inbox\/outcome\/::error::x,y\.json`\]\(https:.*\) \| 3 \| outcome: expected/,
    );
    expect(text).toContain(' rejected contracts | whoever dropped them |');
  });

  test('adds the loop to its summary.', async () => {
    const summary = join(dirname(folder.dir), 'loop.md');
    const { code } = await runCliIn(folder.dir, ['loop'], {
      env: { ...ON_ACTIONS, GITHUB_STEP_SUMMARY: summary },
    });
    expect(code).toBe(0);
    expect(await readFile(summary, 'utf8')).toMatch(/Analysed 0 outcomes: 0 findings, 0 new\./);
  });

  test('leaves no summary elsewhere.', async () => {
    const summary = join(dirname(folder.dir), 'elsewhere.md');
    const { code } = await runCliIn(folder.dir, ['run'], { env: { GITHUB_STEP_SUMMARY: summary } });
    expect(code).toBe(0);
    await expect(readFile(summary)).rejects.toThrow('ENOENT');
  });
});
