import { expect, test } from 'vitest';
import { computeAnalysis } from '../../src/feedback/run-analysis.ts';
import { controllers } from '../../src/runner/controllers.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import { bareRemote, gitFolder } from '../support/git-folder.ts';
import { endState } from './end-state.ts';
import { freshWorkspace, importDemoRows, inWorkspace } from './prepared-workspace.ts';

test('an analysis of the same outcomes gives the same findings every time, to the last digit.', async () => {
  await using folder = await freshWorkspace();
  await importDemoRows(folder, 'django/django');
  const findings = await inWorkspace(folder.dir, async (context) => {
    const answers: string[] = [];
    for (let n = 0; n < 8; n += 1) answers.push(JSON.stringify((await computeAnalysis(context)).findings));
    return answers;
  });
  expect(findings[0]).toContain('django/django');
  expect(new Set(findings).size).toBe(1);
});

test('two runners that analyse the same outcomes at the same time say the same, and it is recorded once.', async () => {
  await using remote = await bareRemote();
  await using first = await freshWorkspace();
  // Enough rows that a sum of costs in another order would differ in its last digits.
  expect(await importDemoRows(first, 'django/django')).toBe(924);
  await first.git('remote', 'add', 'origin', remote.dir);
  await first.git('push', '-q', 'origin', 'main');
  await using second = await gitFolder();
  await second.git('remote', 'add', 'origin', remote.dir);
  await second.git('pull', '-q', 'origin', 'main');
  const pass = (dir: string) => inWorkspace(dir, (context) => runPass(context, { controllers }));
  await Promise.all([pass(first.dir), pass(second.dir)]);
  for (const { dir } of [second, first]) expect(await pass(dir)).toMatchObject({ failures: [] });
  const { state, faults } = await endState(first.dir);
  const counts = Object.entries(state.records).map(([kind, lines]) => [kind, lines.length]);
  expect(faults).toEqual([]);
  expect(Object.fromEntries(counts)).toEqual({ outcome: 924, analysis_run: 1, recommendation: 1, patch: 1 });
  expect(Object.keys(state.files).filter((path) => path.startsWith('queue/proposals/'))).toHaveLength(1);
  expect(await remote.git('for-each-ref', '--format=%(refname)', 'refs/heads/millwright')).toMatch(/^\S+$/);
});
