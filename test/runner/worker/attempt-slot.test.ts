import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPreset } from '../../../src/runner/worker/read-preset.ts';
import { assignment, attempt, isRunning, isThere, transcriptOf, workbench } from './workbench.ts';

const { branch } = assignment;

describe.each(['none', 'path', 'http'] as const)('an attempt at a slot, with remote "%s"', (remote) => {
  test('ends as one commit on its branch, and leaves the checkout alone.', async () => {
    await using bench = await workbench({ remote });
    const before = await bench.truth.git('rev-parse', 'main');
    const phases: string[] = [];
    const script = 'cat > seen.txt; echo new > src/one.txt; rm src/two.txt; echo out; echo err >&2';
    const result = await attempt(
      bench,
      script,
      { smoke: 'test -f seen.txt' },
      { onPhase: (phase) => phases.push(phase) },
    );

    const commit = await bench.truth.git('rev-parse', branch);
    expect(result).toEqual({
      result: 'finished',
      branch_name: branch,
      commit_hash: commit,
      files_pushed: ['seen.txt', 'src/one.txt', 'src/two.txt'],
      smoke_test_pass: true,
      transcript: '.millwright/work/transcripts/slot-1-7.log',
      prompt_hash: expect.stringMatching(/^[0-9a-f]{12}$/),
      duration_seconds: expect.any(Number),
    });
    expect(phases).toEqual(['worktree', 'prompt', 'agent', 'smoke', 'push']);
    expect(await bench.truth.git('rev-parse', `${branch}^`)).toBe(before);
    expect(await bench.truth.git('show', `${branch}:seen.txt`)).toBe(
      '# Rules\n\nBe honest.\n\nMake a wheel.',
    );
    const message = await bench.truth.git('log', '-1', '--format=%an <%ae>%n%B', branch);
    expect(message).toMatch(
      /^Millwright <millwright@localhost>\nMake a wheel\n\nMillwright-Slot: slot-1\nMillwright-Token: 7\n/,
    );
    expect((await transcriptOf(bench)).split('\n').sort()).toEqual(['', 'err', 'out']);
    expect(await bench.checkout.git('status', '--porcelain')).toBe('');
    expect(await bench.checkout.git('rev-parse', 'HEAD')).toBe(before);
  });

  test('goes on from the newest base, in the same work tree, cleaned.', async () => {
    await using bench = await workbench({ remote });
    await attempt(
      bench,
      'echo x > mine.txt; echo y > ignored.txt; mkdir -p a/b; echo z > a/b/c; git init -q sub',
    );
    if (remote === 'none') {
      await bench.checkout.write('src/three.txt', 'three\n');
      await bench.checkout.git('add', '--all');
      await bench.checkout.git('commit', '-qm', 'Three');
    } else await bench.advance('src/three.txt', 'three\n');
    const script =
      'pwd >&2; find . -type f -not -path "./.git" | sort; git status --porcelain; echo 2 > src/one.txt';
    const result = await attempt(bench, script, { slotId: 'slot-2', branch: 'feat/x' });

    expect(result).toMatchObject({ result: 'finished', files_pushed: ['src/one.txt'] });
    const transcript = await transcriptOf(bench, 'slot-2');
    expect(transcript).toContain('.millwright/worktrees/1\n');
    expect(transcript).toContain('./src/three.txt');
    expect(transcript).not.toMatch(/mine|ignored\.txt|\.\/a\/|sub/);
    expect(await bench.truth.git('rev-parse', 'feat/x^')).toBe(await bench.truth.git('rev-parse', 'main'));
  });
});

describe('an agent', () => {
  test('gets the prompt as a file and the facts of its slot in its environment, and nothing that misleads git.', async () => {
    await using bench = await workbench({ remote: 'path' });
    process.env.GIT_DIR = '/nowhere';
    process.env.MILLWRIGHT_VAR_OLD = 'old';
    const script =
      'env | sort > env.txt; cat "$MILLWRIGHT_PROMPT_FILE" > copy.txt; git branch --show-current > branch.txt';
    try {
      const variables = { text: 'a wheel', count: 3, list: ['a'] };
      await attempt(bench, script, { variables, env: { EXTRA: 'yes' } });
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.MILLWRIGHT_VAR_OLD;
    }
    const environment = await bench.truth.git('show', `${branch}:env.txt`);
    expect(environment).toMatch(/^EXTRA=yes$/m);
    expect(environment).toMatch(/^MILLWRIGHT_SLOT_ID=slot-1$/m);
    expect(environment).toMatch(/^MILLWRIGHT_TOKEN=7$/m);
    expect(environment).toMatch(new RegExp(`^MILLWRIGHT_BRANCH=${branch}$`, 'm'));
    expect(environment).toMatch(/^MILLWRIGHT_VAR_TEXT=a wheel$/m);
    expect(environment).toMatch(/^MILLWRIGHT_VAR_COUNT=3$/m);
    expect(environment).not.toMatch(/^(?:GIT_DIR|GIT_WORK_TREE|MILLWRIGHT_VAR_(?:LIST|OLD))=/m);
    expect(await bench.truth.git('show', `${branch}:copy.txt`)).toContain('Make a wheel.');
    expect(await bench.truth.git('show', `${branch}:branch.txt`)).toBe(branch);
  });

  test.each([
    ['that fails', 'echo x > x; echo it broke >&2; exit 3', 'the agent ended with exit code 3: it broke'],
    ['that is killed', 'echo x > x; kill -9 $$', 'the agent was ended by SIGKILL'],
  ])('%s is broken, so that the slot can be tried again.', async (_, script, reason) => {
    await using bench = await workbench({ remote: 'path' });
    const result = await attempt(bench, script);
    expect(result).toEqual({ result: 'broken', code: 'agent-failed', reason });
    expect(await bench.truth.git('branch', '--list', 'feat/*')).toBe('');
  });

  test.each([
    ['that changes nothing', 'cat > ignored.txt', {}, 'the agent changed nothing'],
    [
      'that is too slow',
      'echo x > x; sleep 60',
      { timeLimitMs: 300 },
      'the agent took longer than 0.3 s and was stopped',
    ],
    [
      'that never stops talking',
      'yes',
      { outputLimitBytes: 9_999 },
      'the agent printed more than 9999 bytes and was stopped',
    ],
  ])('%s has finished without a branch, and says why.', async (_, script, limits, reason) => {
    await using bench = await workbench({ remote: 'path' });
    const result = await attempt(bench, script, limits);
    expect(result).toMatchObject({
      result: 'finished',
      branch_name: null,
      commit_hash: null,
      smoke_test_pass: false,
      reason,
    });
    expect(await bench.truth.git('branch', '--list', 'feat/*')).toBe('');
    expect((await transcriptOf(bench)).length).toBeLessThan(10_000);
  });

  test('whose smoke test fails is pushed all the same, for people to look at.', async () => {
    await using bench = await workbench({ remote: 'path' });
    const smoke = "sh -c 'echo made by the test > litter.txt; echo two is missing; exit 4'";
    const result = await attempt(bench, 'echo x > x.txt', { smoke });
    expect(result).toMatchObject({
      branch_name: branch,
      files_pushed: ['x.txt'],
      smoke_test_pass: false,
      reason: 'the smoke test ended with exit code 4: two is missing',
    });
    const missing = await attempt(bench, 'echo x > x.txt', { smoke: './not-there.sh', token: 8 });
    expect(missing).toMatchObject({ branch_name: branch, smoke_test_pass: false });
  });

  test('reports model, cost and tokens; garbage costs nothing.', async () => {
    await using bench = await workbench({ remote: 'path' });
    const report =
      '{"modelUsage":{"claude-x":{}},"total_cost_usd":0.25,"usage":{"input_tokens":5,"output_tokens":7}}';
    const claude = { ...readPreset('claude'), command: ['/bin/sh', '-c', `echo x > x; echo '${report}'`] };
    const result = await attempt(bench, '', {}, { agent: claude });
    expect(result).toMatchObject({ result: 'finished', model: 'claude-x', cost_usd: 0.25, tokens: 12 });
    const babbling = { ...claude, command: ['/bin/sh', '-c', 'echo y > x; echo "{{{[1,"'] };
    const second = await attempt(bench, '', { token: 8 }, { agent: babbling });
    expect(second).toMatchObject({ result: 'finished', smoke_test_pass: true });
    expect(second).not.toHaveProperty('cost_usd');
  });

  test('that cannot be started, has no prompt or no base is broken, not finished.', async () => {
    await using bench = await workbench({
      remote: 'path',
      files: { 'millwright.yaml': 'base_branch: main\n' },
    });
    const agent = { ...readPreset('./agent'), command: ['/no/such/program'] };
    const missing = await attempt(bench, '', {}, { agent });
    expect(missing).toMatchObject({
      result: 'broken',
      code: 'command-not-found',
      reason: expect.stringMatching(/no\/such/),
    });
    const prompt = await attempt(bench, 'true', { promptName: 'none' });
    expect(prompt).toMatchObject({ result: 'broken', code: 'prompt-missing' });
    await bench.truth.git('update-ref', '-d', 'refs/heads/main');
    const base = await attempt(bench, 'true');
    expect(base).toMatchObject({ result: 'broken', code: 'no-base-branch' });
    expect(await isThere(join(bench.workspace.cache, 'worktrees', '1.json'))).toBe(false);
  });
});

describe('an attempt that is stopped', () => {
  test('ends the whole group, also a grandchild that ignores SIGTERM, and pushes nothing.', async () => {
    await using bench = await workbench({ remote: 'path' });
    const script = `echo x > x
      sh -c 'trap "" TERM; echo $$ > "$MILLWRIGHT_PROMPT_FILE.pid"; while :; do sleep 0.1; done' &
      setsid sh -c 'echo $$ > "$MILLWRIGHT_PROMPT_FILE.far"; exec sleep 60' > /dev/null 2>&1 &
      sleep 60`;
    const pidIn = async (name: string) =>
      Number(await readFile(join(bench.workspace.cache, 'work/slot-1', `prompt.md.${name}`), 'utf8'));
    const began = Date.now();
    const result = await attempt(bench, script, { timeLimitMs: 600 });
    expect(result).toMatchObject({ reason: expect.stringMatching(/took longer/) });
    expect(Date.now() - began).toBeLessThan(8_000);
    for (const name of ['pid', 'far'])
      await expect.poll(async () => isRunning(await pidIn(name))).toBe(false);
  });

  test('by its signal is stopped, in every phase.', async () => {
    await using bench = await workbench({ remote: 'path' });
    for (const phase of ['worktree', 'prompt', 'agent', 'smoke', 'push'] as const) {
      const control = new AbortController();
      const onPhase = (now: string) =>
        now === phase && setTimeout(() => control.abort(), phase === 'push' ? 0 : 50);
      const script = phase === 'smoke' || phase === 'push' ? 'echo x > x' : 'echo x > x; sleep 30';
      const smoke = phase === 'smoke' ? 'sleep 30' : 'true';
      const stillHeld = async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return true;
      };
      const result = await attempt(bench, script, { smoke }, { signal: control.signal, onPhase, stillHeld });
      expect(result).toEqual({ result: 'stopped', reason: 'interrupted' });
      expect(await bench.truth.git('branch', '--list', 'feat/*')).toBe('');
    }
  });
});
