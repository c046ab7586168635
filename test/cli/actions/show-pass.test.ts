import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freshWorkspace, outcomeText, place } from '../../e2e/prepared-workspace.ts';
import { runCliIn } from '../run-cli-in.ts';
import { ON_ACTIONS } from './fake-io.ts';
import { runnerCommands } from './runner-commands.ts';

const WRONG =
  '{\n  "id": "o-1", "idea_id": "i-1",\n  "outcome": "perhaps",\n  "emitted_at": "2026-11-01T00:00:00.000Z"\n}\n';

describe('a pass on GitHub Actions', () => {
  test('annotates each refused contract where it is wrong, and writes a summary.', async () => {
    await using folder = await freshWorkspace();
    const summary = join(dirname(folder.dir), 'summary.md');
    const env = {
      ...ON_ACTIONS,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'mill/works',
    };
    await place(folder.dir, 'queue/inbox/outcome/good.json', outcomeText('i-0'));
    await place(folder.dir, 'queue/inbox/outcome/::error::x,y.json', WRONG);
    const { code, err, out } = await runCliIn(folder.dir, ['run', '--once'], { env });
    expect(code).toBe(0);
    expect(runnerCommands(out)).toEqual([]);
    const commands = runnerCommands(err);
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatchObject({
      name: 'error',
      properties: { file: 'queue/inbox/outcome/::error::x,y.json', line: '3', title: 'Contract rejected' },
      data: expect.stringMatching(
        /^outcome: expected .*found "perhaps"\nsee queue\/rejected\/.*\.error\.md$/,
      ),
    });
    const text = await readFile(summary, 'utf8');
    expect(text).toMatch(/^## The pass is done, in /);
    expect(text).toContain('Recorded: 1 outcome.');
    expect(text).toMatch(
      /\| \[queue\/inbox\/outcome\/::error::x,y\.json\]\(https:.*\) \| 3 \| outcome: expected/,
    );
    expect(text).toContain('| 1 rejected contracts | whoever dropped them |');
  });

  test('adds the loop to its summary, and leaves no summary of a pass elsewhere.', async () => {
    await using folder = await freshWorkspace();
    const summary = join(dirname(folder.dir), 'summary.md');
    await place(folder.dir, 'queue/inbox/outcome/good.json', outcomeText('i-0'));
    await runCliIn(folder.dir, ['run'], { env: { GITHUB_STEP_SUMMARY: summary } });
    await expect(readFile(summary)).rejects.toThrow('ENOENT');
    const { code } = await runCliIn(folder.dir, ['loop'], {
      env: { ...ON_ACTIONS, GITHUB_STEP_SUMMARY: summary },
    });
    expect(code).toBe(0);
    expect(await readFile(summary, 'utf8')).toMatch(/Analysed 0 outcomes: 0 findings, 0 new\./);
  });
});
