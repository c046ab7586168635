import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropContract } from '../../../src/ledger/drop.ts';
import { boardNotes } from '../../../src/runner/doctor/board-notes.ts';
import { copyWorkspace, freshWorkspace, inWorkspace, outcomeText } from '../../e2e/prepared-workspace.ts';
import { type GitFolder, gitFolder } from '../../support/git-folder.ts';
import { manualClock } from './manual-clock.ts';

const workflow = 'on:\n  schedule:\n    - cron: "7 2 * * 0"\njobs: {}\n';

let fresh: GitFolder;
beforeAll(async () => {
  fresh = await freshWorkspace();
});
afterAll(() => fresh[Symbol.asyncDispose]());

/** Commits what lies in the folder, so many days before now. */
async function commitAt(folder: GitFolder, at: string): Promise<void> {
  await folder.git('add', '--all');
  const dates = ['-c', 'user.name=a', '-c', 'user.email=a@example.invalid'];
  await folder.git(...dates, 'commit', '-q', '--allow-empty', '-m', 'Work');
  const tree = await folder.git('rev-parse', 'HEAD^{tree}');
  const text = `tree ${tree}\nparent ${await folder.git('rev-parse', 'HEAD~1')}\nauthor a <a@example.invalid> ${seconds(at)} +0000\ncommitter a <a@example.invalid> ${seconds(at)} +0000\n\nWork\n`;
  await folder.write('.git/commit-text', text);
  const commit = await folder.git('hash-object', '-t', 'commit', '-w', '.git/commit-text');
  await folder.git('reset', '-q', '--soft', commit);
}

function seconds(at: string): number {
  return Math.floor(new Date(at).getTime() / 1_000);
}

describe('the notes of a workspace', () => {
  test('are none in a fresh one.', async () => {
    expect(await inWorkspace(fresh.dir, boardNotes)).toEqual([]);
  });

  test('warn of the stop of schedules, and of contracts that no pass has taken in.', async () => {
    await using folder = await copyWorkspace(fresh);
    await folder.write('.github/workflows/loop.yml', workflow);
    await folder.write('queue/inbox/outcome/a.json', '{}');
    await commitAt(folder, '2026-09-01T00:00:00.000Z');
    const clock = manualClock('2026-10-20T12:00:00.000Z');
    const notes = await inWorkspace(folder.dir, boardNotes, { clock });
    expect(notes).toEqual([
      expect.stringContaining('the newest commit is 49 days old'),
      expect.stringContaining('no pass is recorded, and work has been due for 49 days'),
    ]);
  });

  test('warn of contracts that another machine has sent and that no pass has taken in.', async () => {
    await using folder = await copyWorkspace(fresh);
    const dropped = { file: 'a.json', bytes: Buffer.from(outcomeText('a')), kind: 'outcome', push: true };
    const send = (at: string) =>
      inWorkspace(folder.dir, ({ workspace }) => dropContract(workspace, dropped), {
        clock: manualClock(at),
      });
    await send('2026-10-01T00:00:00.000Z');
    await send('2026-10-19T00:00:00.000Z');
    const clock = manualClock('2026-10-20T12:00:00.000Z');
    expect(await inWorkspace(folder.dir, boardNotes, { clock })).toEqual([
      expect.stringContaining('work has been due for 19 days'),
    ]);
  });

  test('are the same in a clone of one commit.', async () => {
    await using folder = await copyWorkspace(fresh);
    await folder.write('.github/workflows/loop.yml', workflow);
    await folder.write('queue/inbox/outcome/a.json', '{}');
    await commitAt(folder, '2026-09-01T00:00:00.000Z');
    await using clone = await gitFolder();
    await clone.git('fetch', '-q', '--depth', '1', `file://${folder.dir}`, 'main');
    await clone.git('reset', '-q', '--hard', 'FETCH_HEAD');
    const clock = manualClock('2026-10-20T12:00:00.000Z');
    expect(await inWorkspace(clone.dir, boardNotes, { clock })).toHaveLength(2);
  });

  test('say when the loop was due and did not come, from its records alone.', async () => {
    await using folder = await copyWorkspace(fresh);
    await folder.write('millwright.yaml', 'schedules: { loop: "0 2 * * *" }\n');
    const run = {
      id: '01KABCDEFGHJKMNPQRSTVWXYZ0',
      kind: 'schedule_run',
      schema_version: 1,
      recorded_at: '2026-09-01T02:00:00.000Z',
      source: 'runner',
      ...{ schedule: 'loop', expression: '0 2 * * *', due_at: '2026-09-01T02:00:00.000Z', state: 'finished' },
      ...{ attempt: 1, missed: 0, runner: 'a:1', at: '2026-09-01T02:00:00.000Z' },
    };
    await folder.write('state/schedule_run/2026-09/0001.jsonl', `${JSON.stringify(run)}\n`);
    await commitAt(folder, '2026-09-01T02:00:00.000Z');
    const clock = manualClock('2026-09-08T12:00:00.000Z');
    expect(await inWorkspace(folder.dir, boardNotes, { clock })).toEqual([
      expect.stringContaining('work has been due for 6 days'),
    ]);
  });
});
