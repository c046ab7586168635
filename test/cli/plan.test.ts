import { describe, expect, test } from 'vitest';
import type { PlannedStep } from '../../src/runner/plan-pass.ts';
import { busyWorkspace } from '../e2e/prepared-workspace.ts';
import { bareRemote, type GitFolder } from '../support/git-folder.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

const stepsOf = async (folder: GitFolder, ...argv: string[]) =>
  (jsonOf(await runCliIn(folder.dir, [...argv, '--json'])) as { steps: PlannedStep[] }).steps;

async function stateOf(folder: GitFolder) {
  return {
    refs: await folder.git('for-each-ref', 'refs/heads', 'refs/millwright'),
    status: await folder.git('status', '--porcelain', '-uall'),
    index: await folder.git('ls-files', '-s'),
  };
}

describe('plan', () => {
  test('says what a pass would do, changes neither refs nor files, and equals run --dry-run.', async () => {
    await using folder = await busyWorkspace();
    const before = await stateOf(folder);
    const steps = await stepsOf(folder, 'plan');
    expect(steps).toEqual([
      {
        controller: 'intake',
        changes: true,
        summary: expect.stringMatching(/^record 5 outcome; clear 1 .*; reject 8$/),
      },
      {
        controller: 'analysis',
        changes: true,
        summary: expect.stringContaining('there was no analysis yet'),
      },
    ]);
    expect(await stepsOf(folder, 'run', '--dry-run')).toEqual(steps);
    expect(await stateOf(folder)).toEqual(before);
    expect((await runCliIn(folder.dir, ['plan'])).out).toMatch(
      /^\* intake: record 5 outcome; .*\n\* analysis: /,
    );
  });

  test('is what the pass then does: the first of its steps, with the same words but for the counts.', async () => {
    await using folder = await busyWorkspace();
    const planned = (await stepsOf(folder, 'plan')).map(({ controller }) => controller);
    const { err } = await runCliIn(folder.dir, ['run']);
    expect(err).toMatch(/^ {2}take in \d+ files?\n {2}analyse the outcomes: .*\n {2}patch solver /);
    expect(planned).toEqual(['intake', 'analysis']);
    expect(await stepsOf(folder, 'plan')).toEqual([
      { controller: 'proposals', changes: false, summary: expect.stringContaining('unchanged') },
    ]);
  });

  test('does not create the branch in a remote that has none, nor does any other command that looks only.', async () => {
    await using folder = await busyWorkspace();
    await using remote = await bareRemote();
    await folder.git('remote', 'add', 'origin', remote.dir);
    const before = await stateOf(folder);
    for (const line of [
      'plan',
      'run --dry-run',
      'status',
      'doctor',
      'review list',
      'analyze --dry-run',
      'upgrade --dry-run',
    ])
      expect(await runCliIn(folder.dir, line.split(' ')), line).toMatchObject({ code: 0 });
    expect(await remote.git('for-each-ref')).toBe('');
    expect(await stateOf(folder)).toEqual(before);
  });

  test('shows what the remote has without bringing the checkout to it.', async () => {
    await using folder = await busyWorkspace();
    await using remote = await bareRemote();
    await folder.git('push', '-q', remote.dir, 'HEAD:refs/heads/main');
    await folder.git('reset', '-q', '--hard', 'HEAD~1');
    await folder.git('remote', 'add', 'origin', remote.dir);
    const before = await stateOf(folder);
    // The contracts that were committed by hand are in the remote only.
    expect((await stepsOf(folder, 'plan'))[0]?.summary).toMatch(/^record \d+ outcome; .*reject \d+$/);
    expect(await stateOf(folder)).toEqual(before);
  });
});

describe('run', () => {
  test('that is interrupted ends with 130, says so, and the next run goes on.', async () => {
    await using folder = await busyWorkspace();
    const answer = await runCliIn(folder.dir, ['run', '--json'], { signal: AbortSignal.abort() });
    expect(jsonOf(answer)).toMatchObject({ changed: false, interrupted: true });
    expect(answer.code).toBe(130);
    expect(jsonOf(await runCliIn(folder.dir, ['run', '--json']))).toMatchObject({
      accepted: { outcome: 5 },
      interrupted: false,
    });
  });
});
