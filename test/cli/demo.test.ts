import { access, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { endState } from '../e2e/end-state.ts';
import { gitFolder } from '../support/git-folder.ts';
import { cleanGitEnv, outputOf } from '../support/run-process.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

describe('demo', () => {
  test('turns the loop once on 2,000 outcomes and finds what is known to be in them.', async () => {
    await using folder = await gitFolder();
    const dir = join(dirname(folder.dir), 'demo');
    const { code, out } = await runCliIn(dirname(folder.dir), ['demo', '--dir', 'demo']);
    expect(code).toBe(0);
    for (const words of [
      `1. A fresh workspace: ${dir}`,
      '2. Imported 2000 outcomes of SWE-bench Verified (0 were there already, 0 failed)',
      'patch solver 1.0.0 to 1.1.0: route django/django to sonnet-4-5',
      '2000 outcomes from 2026-10-04 to 2026-11-01',
      'in django/django: 70.1 % of 231 with sonnet-4-5, 59.3 % with gpt-5-mini; of the pairs that differ 33 to 8',
      'Import 2000 lines of swe-bench-verified-outcomes.jsonl as outcome',
      `npx millwright review apply`,
    ])
      expect(out).toContain(words);
    expect((await endState(dir)).faults).toEqual([]);
    await countsOfTheReadme(dir);
  });

  test('a second time in the same folder changes nothing, and its proposal can be merged.', async () => {
    await using folder = await gitFolder();
    const dir = join(dirname(folder.dir), 'demo');
    await runCliIn(dirname(folder.dir), ['demo', '--dir', dir]);
    const git = (...args: string[]) => outputOf('git', args, { cwd: dir, env: cleanGitEnv('/') });
    const tip = await git('rev-parse', 'main');
    const again = await runCliIn(dirname(folder.dir), ['demo', '--dir', dir, '--json']);
    expect(jsonOf(again)).toMatchObject({
      imported: { added: 0, unchanged: 2_000 },
      pass: { changed: false },
    });
    expect(await git('rev-parse', 'main')).toBe(tip);
    const proposal = (jsonOf(again) as { pass: { proposals: [{ proposal_id: string }] } }).pass.proposals[0];
    // The machine of this test has no git identity: the demo has given the workspace one.
    const merged = await runCliIn(dir, ['review', 'apply', proposal.proposal_id, '--json']);
    expect(jsonOf(merged)).toMatchObject({
      decision: 'applied',
      by: 'Demo Reviewer <reviewer@demo.invalid>',
    });
    expect(await git('show', 'main:personas/solver.yaml')).toContain('django/django: sonnet-4-5');
  });

  test('never works in a folder that holds something, nor in a repository that lies around its folder.', async () => {
    await using folder = await gitFolder({ 'a.txt': 'a\n' });
    const refused = await runCliIn(folder.dir, ['demo', '--dir', '.', '--json']);
    expect(refused.code).toBe(2);
    expect(jsonOf(refused)).toMatchObject({
      error: { code: 'usage', hint: expect.stringContaining('--dir') },
    });
    await mkdir(join(folder.dir, 'empty'));
    const tip = await folder.git('rev-parse', 'main');
    expect(await runCliIn(folder.dir, ['demo', '--dir', 'empty', '--json'])).toMatchObject({ code: 0 });
    expect(await folder.git('rev-parse', 'main')).toBe(tip);
    await access(join(folder.dir, 'empty/.git'));
    await rm(join(folder.dir, 'empty'), { recursive: true });
    expect(await folder.git('status', '--porcelain')).toBe('');
  });
});

/** The page beside the data says how many each model solved and what that cost, in US dollars. */
async function countsOfTheReadme(dir: string): Promise<void> {
  const git = (...args: string[]) => outputOf('git', args, { cwd: dir, env: cleanGitEnv('/') });
  const paths = (await git('ls-tree', '-r', '--name-only', 'main', 'state/outcome')).split('\n');
  const texts = await Promise.all(paths.map((path) => git('show', `main:${path}`)));
  const sums = new Map<string, { accepted: number; cost: number }>();
  for (const line of texts.join('\n').split('\n')) {
    const {
      model,
      outcome,
      cost_usd: cost,
    } = JSON.parse(line) as { model: string; outcome: string; cost_usd: number };
    const sum = sums.get(model) ?? { accepted: 0, cost: 0 };
    sums.set(model, { accepted: sum.accepted + (outcome === 'accepted' ? 1 : 0), cost: sum.cost + cost });
  }
  const rounded = [...sums].map(([model, { accepted, cost }]) => [model, accepted, cost.toFixed(2)]);
  expect(Object.fromEntries(rounded.map(([model, ...facts]) => [model, facts]))).toEqual({
    'gpt-5': [325, '140.19'],
    'gpt-5-mini': [299, '17.74'],
    'sonnet-4': [324, '185.73'],
    'sonnet-4-5': [353, '279.17'],
  });
}
