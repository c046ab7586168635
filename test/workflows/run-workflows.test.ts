import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type BuiltTree, builtTree } from '../e2e/built-tree.ts';
import { runProcess } from '../support/run-process.ts';
import type { Happening } from './actions/happening.ts';
import { type JobDone, runWorkflow } from './actions/run-workflow.ts';
import { openStage, type Stage } from './actions/stage.ts';
import { ownFile, parseWorkflowFile, workflowNames, workflowPath } from './actions/workflow-file.ts';

// A job is a dozen processes; on a machine that does other things as well they take their time.
vi.setConfig({ testTimeout: 180_000 });

let built: BuiltTree;
let stage: Stage;
const seen = new Map<string, Set<string>>();

beforeAll(async () => {
  built = await builtTree();
  stage = await openStage(built);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await built[Symbol.asyncDispose]();
});

/** Runs a workflow, and notes which of its steps have run. */
async function run(name: string, happening: Happening): Promise<Record<string, JobDone>> {
  const jobs = await runWorkflow(name, happening);
  const steps = seen.get(name) ?? new Set();
  for (const job of Object.values(jobs))
    for (const step of job.steps) if (step.outcome !== 'skipped') steps.add(step.name);
  seen.set(name, steps);
  return jobs;
}

const words = (job: JobDone | undefined) =>
  job?.steps.map(({ stdout, stderr }) => stdout + stderr).join('\n') ?? '';
const outcome = (id: string) => JSON.stringify({ idea_id: id, outcome: 'accepted' });
const subjects = () => stage.remote.git('log', '--format=%s', 'main');

const recommendation = {
  recommendation_type: 'routing',
  target_persona: 'solver',
  priority: 'high',
  title: 'Route $(touch pwned) 🔥 --all',
  evidence: [{ statement: 'seen `touch pwned`' }],
  suggested_change: { deltas: [{ op: 'set_route', domain: 'a/b', model: 'sonnet-4-5' }] },
};

/** In the place of Millwright: it says what it was called with. */
async function printer(tools: string): Promise<void> {
  const bin = join(tools, 'millwright/nothing_1.0.0/node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'millwright'), '#!/usr/bin/env bash\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
}

/** A test that only asks whether a job would start needs no machine. */
const stop = () => Promise.reject(new Error('it starts'));

describe('loop.yml', () => {
  test('turns the loop that was missed once, by schedule, and not a second time.', async () => {
    const begun = '2026-01-04T02:00:00.000Z';
    const record = {
      id: '01k8ysy80000000000000begun',
      kind: 'schedule_run',
      schema_version: 1,
      recorded_at: begun,
      source: 'test',
      schedule: 'loop',
      runner: 'elsewhere:1',
      at: begun,
      due_at: begun,
      missed: 0,
      attempt: 1,
      state: 'begun',
    };
    await stage.push('main', { 'state/schedule_run/2026-01/0001.jsonl': `${JSON.stringify(record)}\n` });
    const { loop } = await run('loop', await stage.happens('schedule'));
    expect({ result: loop?.result, words: words(loop) }).toMatchObject({ result: 'success' });
    const reports = () => stage.remote.git('ls-tree', '-r', '--name-only', 'main', 'artifacts/reports');
    expect(await reports()).toMatch(/\.md/);
    const runs = await subjects();
    expect(runs).toContain('Record what is due: loop');
    await run('loop', await stage.happens('schedule'));
    expect((await subjects()).split('Record what is due: loop')).toHaveLength(2);
  });

  test('turns it at once for a person.', async () => {
    const { loop } = await run('loop', await stage.happens('workflow_dispatch', { branch: await topic() }));
    expect(loop).toMatchObject({ result: 'success', group: 'millwright-pass' });
    const checkout = loop?.actions.find(({ uses }) => uses.startsWith('actions/checkout@'));
    expect(checkout?.with.ref).toBe('main');
  });

  /** Somebody may start a workflow on any branch; the tool and the settings are those of the default branch. */
  async function topic(): Promise<string> {
    await stage.push('topic', { 'millwright.yaml': 'nonsense: 1\n' });
    return 'topic';
  }
});

describe('reconcile.yml', () => {
  test('records what waits, refuses what is wrong on its line, and opens a pull request.', async () => {
    await stage.push('main', {
      'queue/inbox/outcome/good.json': outcome('good'),
      'queue/inbox/outcome/$(touch pwned) 🔥.json': outcome('odd'),
      'queue/inbox/outcome/-rf.json': outcome('odd'),
      'queue/inbox/outcome/wrong.json': '{\n  "idea_id": "bad",\n  "outcome": "perhaps"\n}\n',
      'queue/inbox/recommendation/r.json': JSON.stringify(recommendation),
    });
    const { pass } = await run('reconcile', await stage.happens('schedule'));
    expect({ result: pass?.result, words: words(pass) }).toMatchObject({ result: 'success' });
    expect(await subjects()).toContain('Take in');
    expect(await stage.remote.git('ls-tree', '-r', '--name-only', 'main', 'state/outcome')).toMatch(
      /0001\.jsonl$/,
    );
    expect(await stage.remote.git('ls-tree', '-r', '-z', '--name-only', 'main', 'queue/rejected')).toContain(
      'wrong.json',
    );
    expect(words(pass)).toMatch(/::error [^\n]*file=queue\/inbox\/outcome\/wrong\.json,line=3/);
    expect(stage.hub.pulls()).toMatchObject([{ base: 'main', head: expect.stringMatching(/^millwright\//) }]);
    expect(pass?.summary).toContain('outcome');
    expect(existsSync(join(pass?.workspace ?? '', 'pwned'))).toBe(false);
  });

  test('has nothing to do the second time, and asks little.', async () => {
    const [before, asked] = [await stage.remote.git('rev-parse', 'main'), stage.hub.requests.length];
    const { pass } = await run('reconcile', await stage.happens('repository_dispatch'));
    expect(pass).toMatchObject({ result: 'success', group: 'millwright-pass' });
    expect(await stage.remote.git('rev-parse', 'main')).toBe(before);
    expect(stage.hub.requests.length - asked).toBeLessThan(5);
  });

  test('is started by a push of a person to the base or the ledger, and by none of its own.', async () => {
    const message = await stage.remote.git('log', '-1', '--format=%B', 'main');
    expect(message).toContain('Millwright-Nonce:');
    const pushed = async (text: string, branch: string, vars = {}) => {
      const payload = { head_commit: { message: text } };
      const happening = await stage.happens('push', { payload, vars });
      return runWorkflow('reconcile', { ...happening, ref: `refs/heads/${branch}`, prepare: stop });
    };
    // Outside of the group of passes: it would drop one that waits, and then do nothing itself.
    const outside = { result: 'skipped', group: 'no-pass-1' };
    for (const [text, branch] of [
      [message, 'main'],
      ['Drop it', 'topic'],
      ['Drop it', '$(touch pwned)'],
    ] as const)
      expect(await pushed(text, branch)).toMatchObject({ pass: outside });
    await expect(pushed('Drop it', 'main')).rejects.toThrow('it starts');
    await expect(pushed('Drop it', 'millwright/ledger')).rejects.toThrow('it starts');
    await expect(pushed('Drop it', 'book', { MILLWRIGHT_LEDGER_BRANCH: 'book' })).rejects.toThrow(
      'it starts',
    );
  });

  test('acts as the App where there is one.', async () => {
    const asApp = {
      vars: { MILLWRIGHT_APP_ID: 'Iv1.abc' },
      secrets: { MILLWRIGHT_APP_KEY: 'key', APP_TOKEN: 'full-token' },
    };
    const happening = await stage.happens('workflow_dispatch', { ...asApp, token: 'no-token' });
    const { pass } = await run('reconcile', happening);
    expect(pass).toMatchObject({ result: 'success' });
    expect(pass?.actions[0]).toMatchObject({ with: { 'client-id': 'Iv1.abc', 'private-key': 'key' } });
  });
});

describe('worker.yml', () => {
  test('has daemons work on what is queued, and no claim is left.', async () => {
    await stage.push('main', {
      'queue/inbox/thought/t.json': JSON.stringify({ text: 'A header; $(touch pwned)' }),
    });
    await run('reconcile', await stage.happens('workflow_dispatch'));
    await stage.double('my-agent', 'cat > prompt.txt; echo "$1" > done.txt');
    await stage.double('npm', 'printf "%s\\n" "$@" > "$RUNNER_TEMP/npm-was-called"');
    const vars = {
      MILLWRIGHT_AGENT: 'my-agent "two words; touch pwned"',
      MILLWRIGHT_AGENT_PACKAGE: '-g evil',
      MILLWRIGHT_DAEMONS: '[1, 2]',
      MILLWRIGHT_CONCURRENCY: '2',
    };
    const jobs = await run('worker', await stage.happens('workflow_dispatch', { vars }));
    expect(Object.keys(jobs)).toEqual(['work (1)', 'work (2)']);
    for (const job of Object.values(jobs))
      expect({ result: job.result, words: words(job) }).toMatchObject({ result: 'success' });
    const branches = await stage.remote.git('for-each-ref', '--format=%(refname)', 'refs/heads/feat');
    expect(branches.split('\n')).toHaveLength(5);
    const [first = ''] = branches.split('\n');
    expect(await stage.remote.git('show', `${first}:done.txt`)).toBe('two words; touch pwned');
    await run('reconcile', await stage.happens('workflow_dispatch'));
    expect(await stage.remote.git('for-each-ref', 'refs/millwright/slots')).toBe('');
  });

  test('works for 50 minutes at most, and refuses what is no number of them.', async () => {
    await stage.double('npm', 'exit 0');
    const asked = async (minutes: unknown) => {
      const payload = { inputs: { minutes } };
      const vars = { MILLWRIGHT_AGENT: 'my-agent', MILLWRIGHT_PACKAGE: 'nothing@1.0.0' };
      const happening = await stage.happens('workflow_dispatch', { payload, vars, prepare: printer });
      const { 'work (1)': job } = await runWorkflow('worker', happening);
      return { result: job?.result, words: words(job) };
    };
    for (const [minutes, used] of [
      [500, 50],
      [50, 50],
      [7, 7],
      [0, 50],
    ] as const)
      expect(await asked(minutes)).toMatchObject({
        result: 'success',
        words: expect.stringContaining(`--for=${used}\n`),
      });
    for (const minutes of ['1e3', '-5', '$(touch pwned)', 1.5, '99999999999999999999'])
      expect(await asked(minutes)).toMatchObject({
        result: 'failure',
        words: expect.stringMatching(/^::error title=Millwright::minutes: /m),
      });
  });

  test('does not start without an agent.', async () => {
    const happening = await stage.happens('schedule', { prepare: stop });
    expect(await runWorkflow('worker', happening)).toMatchObject({ 'work (1)': { result: 'skipped' } });
  });
});

describe('pages.yml', () => {
  test('builds the site and hands it over, with a token that may only read.', async () => {
    const happening = await stage.happens('workflow_run', { vars: { MILLWRIGHT_PAGES: 'true' } });
    const { build, deploy } = await run('pages', happening);
    expect({ result: build?.result, words: words(build) }).toMatchObject({ result: 'success' });
    expect(build?.actions.at(-1)).toMatchObject({ with: { path: '_site' } });
    expect(deploy).toMatchObject({ result: 'success' });
  });

  test('deploys nothing when nothing was built.', async () => {
    const happening = await stage.happens('schedule', { prepare: stop });
    expect(await runWorkflow('pages', happening)).toMatchObject({
      build: { result: 'skipped' },
      deploy: { result: 'skipped' },
    });
  });
});

describe('a ledger branch apart', () => {
  test('takes the records while nobody can push to the base, from Actions and from a laptop.', async () => {
    const settings = await stage.remote.git('show', 'main:millwright.yaml');
    await stage.push('main', { 'millwright.yaml': `${settings}\nledger_branch: millwright/ledger\n` });
    await stage.push('millwright/ledger', { 'queue/inbox/outcome/apart.json': outcome('apart') });
    const refusal = '#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo "protected" >&2; exit 1; }\n';
    await mkdir(join(stage.remote.dir, 'hooks'), { recursive: true });
    await writeFile(join(stage.remote.dir, 'hooks/update'), refusal, { mode: 0o755 });
    const base = await stage.remote.git('rev-parse', 'main');
    const happening = await stage.happens('push', {
      branch: 'millwright/ledger',
      payload: { head_commit: { message: 'Drop an outcome' } },
    });
    const { pass } = await run('reconcile', happening);
    expect({ result: pass?.result, words: words(pass) }).toMatchObject({ result: 'success' });
    expect(words(pass)).toContain('recorded 1 outcome');
    const ledger = () =>
      stage.remote.git('grep', '--count', '"idea_id":"apart', 'millwright/ledger', '--', 'state/outcome');
    expect(await ledger()).toMatch(/:1$/);
    await stage.person.git('checkout', '-q', '-B', 'main', 'origin/main');
    await stage.person.write('queue/inbox/outcome/laptop.json', outcome('apart-laptop'));
    const env = { ...stage.person.env, MILLWRIGHT_GITHUB_TOKEN: 'full-token', GITHUB_API_URL: stage.hub.url };
    const argv = [built.path('src/cli/main.ts'), 'run', '--json'];
    const laptop = await runProcess(process.execPath, argv, {
      cwd: stage.person.dir,
      env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'mill/works' },
    });
    expect(laptop).toMatchObject({ code: 0, stdout: expect.stringContaining('"accepted":{"outcome":1') });
    expect(await ledger()).toMatch(/:2$/);
    expect(await stage.remote.git('rev-parse', 'main')).toBe(base);
  });
});

describe('the kill switch', () => {
  const vars = { MILLWRIGHT_DISABLED: 'true', MILLWRIGHT_AGENT: 'my-agent', MILLWRIGHT_PAGES: 'true' };
  const readOnly: readonly string[] = ['validate', 'ci'];
  const writing = workflowNames.filter((name) => !readOnly.includes(name));

  test.each(writing)('stops every job of %s.yml before it starts.', async (name) => {
    for (const event of ['schedule', 'workflow_dispatch', 'pull_request']) {
      const jobs = await runWorkflow(name, await stage.happens(event, { vars, prepare: stop }));
      expect(new Set(Object.values(jobs).map(({ result }) => result))).toEqual(new Set(['skipped']));
    }
  });

  test.each(readOnly)(
    'leaves %s.yml running: a required check that is skipped would count as passed.',
    async (name) => {
      const happening = await stage.happens('pull_request', { vars, prepare: stop });
      await expect(runWorkflow(name, happening)).rejects.toThrow('it starts');
    },
  );
});

describe('these tests', () => {
  test.each(['loop', 'reconcile', 'worker', 'pages'])('have run every script of %s.yml.', async (name) => {
    const { jobs } = parseWorkflowFile(await ownFile(workflowPath(name)));
    const scripts = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ run: script }) => script !== undefined),
    );
    const ran = seen.get(name) ?? new Set();
    expect(scripts.map((step) => step.name).filter((step) => !ran.has(step ?? ''))).toEqual([]);
  });
});
