import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Check } from '../../src/runner/doctor/check.ts';
import type { Status } from '../../src/runner/read-status.ts';
import { busyWorkspace, freshWorkspace, place } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

const statusOf = async (folder: GitFolder) =>
  jsonOf(await runCliIn(folder.dir, ['status', '--json'])) as Status;

describe('status', () => {
  test('of a fresh workspace counts nothing and waits for nobody.', async () => {
    await using folder = await freshWorkspace();
    expect(await statusOf(folder)).toMatchObject({
      workspace: folder.dir,
      ledger: { branch: 'main', commit: await folder.git('rev-parse', 'main') },
      remote: null,
      inbox: 0,
      rejected: 0,
      proposals: [],
      last_pass: null,
      last_analysis: null,
      waits: [],
    });
    const { out } = await runCliIn(folder.dir, ['status']);
    for (const words of [
      'nothing waits',
      'last pass        none yet',
      'inbox            0 waiting, 0 rejected',
    ])
      expect(out).toContain(words);
  });

  test('says after a pass what was recorded and who has to act, why, and how.', async () => {
    await using folder = await busyWorkspace();
    expect((await statusOf(folder)).waits[0]).toMatchObject({ who: 'a pass', hint: 'millwright run --once' });
    await runCliIn(folder.dir, ['run']);
    const now = await statusOf(folder);
    expect(now.records).toMatchObject({
      outcome: 141,
      recommendation: 2,
      patch: 1,
      analysis_run: 1,
      pass: 1,
    });
    expect(now).toMatchObject({ inbox: 0, last_analysis: { findings: 2 } });
    expect(now.waits.map(({ who }) => who)).toEqual([
      'whoever dropped them',
      'a model, or a person',
      'a reviewer',
    ]);
    const { out } = await runCliIn(folder.dir, ['status']);
    expect(out).toContain(`${now.rejected} rejected contracts: waits for whoever dropped them, because`);
    expect(out).toContain(`hint: millwright review show ${now.proposals[0]?.proposal_id}`);
  });

  test('names the key that a model lacks, and says until when a question is left alone.', async () => {
    const key = 'MILLWRIGHT_TEST_KEY_THAT_NOBODY_HAS';
    await using folder = await freshWorkspace(
      `llm:\n  tiers: { brain: far/claude-haiku-5-5 }\n  providers:\n    far: { type: anthropic, api_key_env: ${key} }\n    canned: { type: recorded, file: replies.jsonl }\n`,
    );
    const news = { source: 'scout', relevance: 'high', domain: 'x', title: 'News' };
    await place(folder.dir, 'queue/inbox/research_signal/s-1.json', JSON.stringify(news));
    const ran = await runCliIn(folder.dir, ['run']);
    expect(ran.err).toContain(`${key} is not set`);
    const [wait] = (await statusOf(folder)).waits;
    expect(wait).toMatchObject({
      why: expect.stringContaining(key),
      hint: expect.stringContaining(`set ${key}`),
    });
    const loop = await runCliIn(folder.dir, ['loop']);
    expect(loop.out).toContain(`${key} is not set`);
    expect(await folder.git('grep', '-c', key, 'main', '--', 'artifacts').catch(() => '')).toBe('');
    const text = await folder.read('millwright.yaml');
    await folder.write('millwright.yaml', text.replace('far/claude-haiku-5-5', 'canned/model'));
    await folder.write('replies.jsonl', '{"fault":"credentials"}\n');
    await runCliIn(folder.dir, ['run']);
    const held = (await statusOf(folder)).waits.find(({ what }) => what.includes('research signals'));
    expect(held?.why).toMatch(/was not answered: \S/);
    expect(held?.hint).toMatch(/^a pass asks again after \d{4}-.*; millwright loop asks at once$/);
  });

  test('names every persona that breaks its schema, also one that no record speaks of.', async () => {
    await using folder = await freshWorkspace();
    await folder.write('personas/broken.yaml', 'id: broken\n');
    await folder.git('add', 'personas');
    await folder.git('commit', '-q', '-m', 'Add a persona');
    const now = await statusOf(folder);
    expect(now.bad_personas).toEqual(['personas/broken.yaml']);
    expect(now.waits).toMatchObject([{ what: 'personas/broken.yaml', who: 'a person' }]);
  });

  test('and every other command that looks only leaves refs, checkout and inbox as they are.', async () => {
    await using folder = await busyWorkspace();
    const before = await everythingOf(folder);
    for (const argv of [
      ['status'],
      ['plan'],
      ['run', '--dry-run'],
      ['doctor'],
      ['review', 'list'],
      ['analyze', '--dry-run'],
      ['upgrade', '--dry-run'],
    ])
      expect(await runCliIn(folder.dir, argv)).toMatchObject({ code: 0 });
    expect(await everythingOf(folder)).toEqual(before);
  });
});

async function everythingOf(folder: GitFolder) {
  return {
    refs: await folder.git('for-each-ref'),
    status: await folder.git('status', '--porcelain', '-uall'),
    index: await folder.git('ls-files', '-s'),
  };
}

describe('doctor', () => {
  const verdicts = async (folder: GitFolder) => {
    const answer = await runCliIn(folder.dir, ['doctor', '--json']);
    const checks = jsonOf(answer) as Check[];
    return { code: answer.code, of: new Map(checks.map((check) => [check.name, check])) };
  };

  test('finds nothing wrong with a fresh workspace, and prints a line for each thing it looked at.', async () => {
    await using folder = await freshWorkspace();
    const { code, of } = await verdicts(folder);
    expect(code).toBe(0);
    expect([...of.keys()]).toEqual([
      'git',
      'identity',
      'checkout',
      'history',
      'rights',
      'line ends',
      'remote',
      'clock',
      'personas',
    ]);
    expect([...of.values()].map(({ verdict }) => verdict)).toEqual(Array(9).fill('ok'));
    const lines = (await runCliIn(folder.dir, ['doctor'])).out.trim().split('\n');
    expect(lines).toHaveLength(9);
    for (const line of lines) expect(line).toMatch(/^ok {7}[a-z ]+: \S/);
  });

  test('warns of a missing identity, a detached HEAD and a held index, each with what helps.', async () => {
    await using folder = await freshWorkspace();
    await folder.git('config', '--unset', 'user.name');
    await folder.git('checkout', '-q', '--detach');
    await folder.write('.git/index.lock', '');
    const { code, of } = await verdicts(folder);
    expect(code).toBe(0);
    expect(of.get('identity')).toMatchObject({
      verdict: 'warning',
      hint: expect.stringContaining('git config'),
    });
    expect(of.get('checkout')).toMatchObject({
      verdict: 'warning',
      hint: expect.stringContaining('git switch main'),
    });
    expect(of.get('rights')).toMatchObject({ verdict: 'warning', detail: 'a git command holds index.lock' });
  });

  test('fails on a persona that breaks its schema and on a remote that is gone, and ends with 1.', async () => {
    await using folder = await freshWorkspace();
    await folder.write('personas/broken.yaml', 'id: broken\n');
    await folder.git('add', 'personas');
    await folder.git('commit', '-q', '-m', 'Add a persona');
    expect((await verdicts(folder)).of.get('personas')).toMatchObject({ verdict: 'failed' });
    await folder.git('remote', 'add', 'origin', join(folder.dir, '../gone.git'));
    const { code, of } = await verdicts(folder);
    expect(code).toBe(1);
    expect(of.get('remote')).toMatchObject({
      verdict: 'failed',
      hint: expect.stringContaining('git remote -v'),
    });
  });
});
