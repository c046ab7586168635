import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { workSlot } from '../../src/contracts/work.ts';
import { claimPath, slotPath } from '../../src/queue/paths.ts';
import { claimSlot } from '../../src/queue/slot-machine.ts';
import { type BuiltTree, builtTree } from '../e2e/built-tree.ts';
import { outputOf } from '../support/run-process.ts';
import type { Happening } from './actions/happening.ts';
import { newMachine, pairs } from './actions/machine.ts';
import { runSteps } from './actions/run-steps.ts';
import { type JobDone, runWorkflow } from './actions/run-workflow.ts';
import { openStage, type Stage } from './actions/stage.ts';
import { ACTION_PATH, ownFile } from './actions/workflow-file.ts';

vi.setConfig({ testTimeout: 180_000 });

let built: BuiltTree;
let stage: Stage;

beforeAll(async () => {
  built = await builtTree();
  stage = await openStage(built);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await built[Symbol.asyncDispose]();
});

const words = (job: JobDone | undefined) =>
  job?.steps.map(({ stdout, stderr }) => stdout + stderr).join('\n') ?? '';
const isPwned = (job: JobDone | undefined) =>
  ['', 'proposed'].some((folder) => existsSync(join(job?.workspace ?? '', folder, 'pwned')));

interface Pull {
  readonly branch: string;
  readonly files: Readonly<Record<string, string | null>>;
  readonly title?: string;
  readonly from?: string;
  readonly base?: string;
}

/** A pull request as the event has it, with the merge commit that GitHub makes for it. */
async function pullRequest({ branch, files, title = 'A change', from = 'mill/works', base = 'main' }: Pull) {
  const head = await stage.push(branch, files, title);
  const baseSha = await stage.remote.git('rev-parse', `refs/heads/${base}`);
  await stage.person.git('checkout', '-q', '--detach', baseSha);
  await stage.person.git('merge', '-q', '--no-ff', '-m', `Merge ${head} into ${baseSha}`, head);
  await stage.person.git('push', '-q', '--force', 'origin', 'HEAD:refs/pull/7/merge');
  const sha = await stage.person.git('rev-parse', 'HEAD');
  const pull = {
    title,
    head: { ref: branch, sha: head, repo: { full_name: from, fork: from !== 'mill/works' } },
    base: { ref: base, sha: baseSha },
  };
  const happening = await stage.happens('pull_request', { payload: { pull_request: pull } });
  return { ...happening, ref: 'refs/pull/7/merge', sha };
}

async function validate(happening: Happening): Promise<JobDone | undefined> {
  return (await runWorkflow('validate', happening)).validate;
}

const persona = 'personas/solver.yaml';
const good = JSON.stringify({ idea_id: 'good', outcome: 'accepted' });

describe('validate.yml', () => {
  test('lets a contract through, from a branch, a file and a title that are hostile, and keeps no login.', async () => {
    const happening = await pullRequest({
      branch: `$(touch\${IFS}pwned)-🔥`,
      files: { 'queue/inbox/outcome/good.json': good, '-rf $(touch pwned)\n🔥.txt': 'x\n' },
      title: '`touch pwned`; --help\n\n::error::forged',
    });
    const job = await validate(happening);
    expect({ result: job?.result, words: words(job) }).toMatchObject({ result: 'success' });
    expect(isPwned(job)).toBe(false);
    const config = await readFile(join(job?.workspace ?? '', 'proposed/.git/config'), 'utf8');
    expect(config).not.toMatch(/includeIf|extraheader/i);
    const left = await readdir(join(job?.workspace ?? '', '../temp'));
    expect(left.filter((name) => name.startsWith('git-credentials'))).toEqual([]);
  });

  test('refuses a contract that is wrong, on its line, and a persona that changed without its version.', async () => {
    const text = await stage.person.git('show', `main:${persona}`);
    const happening = await pullRequest({
      branch: 'wrong',
      files: {
        'queue/inbox/outcome/bad,file.json': '{\n  "idea_id": "bad",\n  "outcome": "perhaps"\n}\n',
        [persona]: `${text.replace(/^name: .*$/m, 'name: Another')}\n`,
      },
    });
    const job = await validate(happening);
    expect({ result: job?.result, words: words(job) }).toMatchObject({ result: 'failure' });
    expect(words(job)).toMatch(/::error [^\n]*file=queue\/inbox\/outcome\/bad%2Cfile\.json,line=3/);
    expect(words(job)).toMatch(/::error [^\n]*file=personas\/solver\.yaml/);
  });

  test('runs nothing that a pull request brings, and refuses workflows of a fork.', async () => {
    const action = (await ownFile(ACTION_PATH)).replaceAll('run: |', 'run: |\n        touch pwned');
    const files = {
      [ACTION_PATH]: action,
      'package.json': '{"name":"millwright","scripts":{"prepare":"touch pwned"}}',
    };
    const ours = await validate(await pullRequest({ branch: 'ours', files }));
    expect({ result: ours?.result, words: words(ours) }).toMatchObject({ result: 'success' });
    const theirs = await validate(await pullRequest({ branch: 'theirs', files, from: 'stranger/works' }));
    expect({ result: theirs?.result, words: words(theirs) }).toMatchObject({ result: 'failure' });
    expect(words(theirs)).toContain(ACTION_PATH);
    expect([isPwned(ours), isPwned(theirs)]).toEqual([false, false]);
  });

  test('refuses the work of a claim that was lost, and lets that of the one that holds the slot through.', async () => {
    await hold('stale-v1', 2);
    const work = (token: number) =>
      pullRequest({
        branch: `work-${token}`,
        files: { 'src/work.ts': `${token}\n` },
        title: `Work\n\nMillwright-Slot: stale-v1\nMillwright-Token: ${token}`,
      });
    const lost = await validate(await work(1));
    expect({ result: lost?.result, words: words(lost) }).toMatchObject({ result: 'failure' });
    expect(words(lost)).toMatch(
      /::error title=millwright%3A stale-claim::[^\n]*token 1 [^\n]*token 2, for w2/,
    );
    const held = await validate(await work(2));
    expect({ result: held?.result, words: words(held) }).toMatchObject({ result: 'success' });
    expect(words(held)).not.toMatch(/not checked|::warning/);
  });

  /** A live slot in the ledger, and a cell that no branch has, as a worker leaves it. */
  async function hold(id: string, token: number): Promise<void> {
    const at = '2026-01-15T08:30:00.000Z';
    const ids = { slot_id: id, item_id: 'stale', kind: 'thought', recipe: 'thought', priority: 0 };
    const rest = { prompt: 'thought', persona: 'solver', branch: `feat/${id}`, created_at: at };
    const slot = workSlot.parse({ ...ids, ...rest });
    const worker = { worker_id: 'w2', host: 'laptop', pid: 1 };
    const first = claimSlot(slot, null, worker, { at: new Date(at), clock: 'local', nonce: 'n' });
    await stage.push('main', { [slotPath(id)]: JSON.stringify(slot) });
    const cell = await stage.push('cell', { [claimPath(id)]: JSON.stringify({ ...first, token }) });
    await stage.remote.git('update-ref', `refs/millwright/slots/${id}`, cell);
    await stage.remote.git('update-ref', '-d', 'refs/heads/cell');
  }

  test('fails when the claims cannot be fetched, rather than pass without them.', async () => {
    const happening = await pullRequest({ branch: 'offline', files: { 'x.txt': 'x\n' } });
    const git = await outputOf('bash', ['-c', 'command -v git'], { env: process.env });
    await stage.double('git', `case "$*" in *refs/millwright/slots*) exit 1 ;; esac; exec ${git} "$@"`);
    const job = await validate(happening);
    await stage.double('git', `exec ${git} "$@"`);
    expect(job).toMatchObject({ result: 'failure' });
    expect(words(job)).toMatch(/^::error title=Millwright::the claims could not be fetched/m);
  });

  test('holds what waits in the merge queue against its base.', async () => {
    const { payload, sha } = await pullRequest({
      branch: 'queued',
      files: { 'queue/inbox/outcome/q.json': good },
    });
    const { base } = payload.pull_request as { base: { sha: string } };
    await stage.remote.git('update-ref', 'refs/heads/gh-readonly-queue/main/pr-7', sha);
    const happening = await stage.happens('merge_group', {
      branch: 'gh-readonly-queue/main/pr-7',
      payload: { merge_group: { base_sha: base.sha, head_sha: sha } },
    });
    const job = await validate(happening);
    expect({ result: job?.result, words: words(job) }).toMatchObject({ result: 'success' });
  });

  test('passes where the base has no workspace yet, and says so.', async () => {
    const first = await stage.person.git('rev-list', '--max-parents=0', 'main');
    await stage.remote.git('update-ref', 'refs/heads/bare', first);
    const happening = await pullRequest({ branch: 'first', files: { 'x.txt': 'x\n' }, base: 'bare' });
    const job = await validate(happening);
    expect(job).toMatchObject({ result: 'success' });
    expect(words(job)).toContain('::notice title=Nothing to check yet::');
  });
});

describe('ci.yml', () => {
  test('runs the tests of the repository on three versions, by its own script where there is one.', async () => {
    await stage.double('npm', 'echo "npm called with: $*"');
    const plain = await runWorkflow('ci', await stage.happens('push'));
    expect(Object.keys(plain)).toEqual(['test (20)', 'test (22)', 'test (24)']);
    for (const job of Object.values(plain))
      expect(words(job)).toContain('npm called with: ci\nnpm called with: test');
    await stage.person.git('checkout', '-q', '-B', 'script', 'origin/main');
    await stage.person.write('.ci/run', '#!/usr/bin/env bash\necho own script; exit 3\n');
    await chmod(join(stage.person.dir, '.ci/run'), 0o755);
    await stage.push('script', {});
    const own = await runWorkflow('ci', await stage.happens('pull_request', { branch: 'script' }));
    for (const job of Object.values(own)) {
      expect(job.result).toBe('failure');
      expect(words(job)).toContain('own script');
    }
  });
});

describe('the action', () => {
  /** Calls the action in an empty checkout with doubles of npm and what it installs. */
  async function call(
    given: Readonly<Record<string, string>>,
    manifest = '{"name":"other"}',
    files: Readonly<Record<string, string>> = {},
  ) {
    const happening = await stage.happens('workflow_dispatch');
    const machine = await newMachine(await mkdtemp(join(happening.top, 'action-')), { ...happening.env });
    await mkdir(join(machine.workspace, '.github/actions/millwright'), { recursive: true });
    await writeFile(join(machine.workspace, ACTION_PATH), await ownFile(ACTION_PATH));
    for (const [path, text] of Object.entries({ ...files, 'package.json': manifest }))
      await writeFile(join(machine.workspace, path), text);
    const step = { uses: './.github/actions/millwright', with: given };
    const scope = { machine, happening, contexts: { github: {} }, actions: [], inherited: {} };
    const steps = await runSteps([step], scope);
    return { steps, machine, text: steps.map(({ stdout, stderr }) => stdout + stderr).join('') };
  }

  const shown =
    '#!/usr/bin/env node\\nconsole.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 11;\\n';

  /** An npm that says how it was called, and lays the program where the real one would. */
  const npm = `echo "npm $*"; for last; do if [ "$was" = --prefix ]; then to=$last; fi; was=$last; done
       mkdir -p "$to/node_modules/.bin"; printf '${shown}' > "$to/node_modules/.bin/millwright"; chmod +x "$to/node_modules/.bin/millwright"`;

  test('installs the version that it was laid with, and each line of args is one argument, whatever it holds.', async () => {
    await stage.double('npm', npm);
    const args = ['run', '$(touch pwned)', '--a b="c d"', '', '`id`; 🔥', '*'];
    const { steps, text, machine } = await call({ args: args.join('\n'), package: '' });
    expect(text).toMatch(/^npm install .* --ignore-scripts -- millwright@\d+\.\d+\.\d+$/m);
    expect(text).toContain(JSON.stringify(args.filter((arg) => arg !== '')));
    expect(steps.at(-1)).toMatchObject({ name: 'Run', code: 11, outcome: 'failure' });
    expect(existsSync(join(machine.workspace, 'pwned'))).toBe(false);
  });

  const commit = '0123456789abcdef0123456789abcdef01234567';

  test('installs what the variable names: a commit, which builds itself, or a package, which runs no script.', async () => {
    await stage.double('npm', npm);
    for (const [spec, scripts] of [
      [`github:team/millwright#${commit}`, true],
      [`git+https://git.example.org/a/b/millwright.git#${commit}`, true],
      ['@team/millwright@1.2.3-rc.1', false],
    ] as const) {
      const { text } = await call({ package: spec, args: '--version' });
      expect(text).toContain(` -- ${spec}\n`);
      expect(!text.includes('--ignore-scripts')).toBe(scripts);
      expect(text).toContain('["--version"]');
    }
  });

  test('installs a tarball only when its sum is the one that was named.', async () => {
    await stage.double('npm', npm);
    await stage.double(
      'curl',
      'for last; do if [ "$was" = --output ]; then printf tar > "$last"; fi; was=$last; done',
    );
    const sum = createHash('sha256').update('tar').digest('hex');
    const address = 'https://example.org/dl/millwright-0.1.0.tgz#sha256=';
    const good = await call({ package: address + sum });
    expect(good.text).toMatch(/^npm install .* --ignore-scripts -- \/.*\/millwright\.tgz$/m);
    const other = await call({
      package: address + sum.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    });
    expect(other.text).not.toContain('npm install');
    expect(other.steps.at(-2)).toMatchObject({ name: 'Install', outcome: 'failure' });
  });

  test('reads the line of a file where the variable does not reach.', async () => {
    await stage.double('npm', npm);
    const file = { '.github/millwright-package': `github:team/millwright#${commit}\n` };
    expect((await call({ package: '' }, undefined, file)).text).toContain(
      `-- github:team/millwright#${commit}\n`,
    );
    expect((await call({ package: 'a@1.0.0' }, undefined, file)).text).toContain('-- a@1.0.0\n');
  });

  test.each([
    ['npm does not have it', 'echo "npm error code E404" >&2; exit 1'],
    ['it brings no such program', 'exit 0'],
  ])('ends with one error that says what to set when %s.', async (_, script) => {
    await stage.double('npm', script);
    const { text, steps } = await call({ args: 'run' });
    const errors = text.split('\n').filter((line) => line.startsWith('::error'));
    expect(errors).toEqual([
      expect.stringMatching(
        /^::error title=Millwright::millwright@[\d.]+ could not be installed\..*MILLWRIGHT_PACKAGE/,
      ),
    ]);
    expect(steps.slice(-2)).toMatchObject([
      { name: 'Install', outcome: 'failure' },
      { name: 'Run', outcome: 'skipped' },
    ]);
  });

  test('in the repository of Millwright takes what lies there.', async () => {
    await stage.double('npm', `echo "npm $*"; mkdir -p dist/cli; printf '${shown}' > dist/cli/main.js`);
    const { text } = await call({ args: '--version' }, '{"name":"millwright"}');
    expect(text).toContain('npm ci');
    expect(text).toContain('["--version"]');
  });

  test('only installs without args, and refuses what it does not know, or what may change.', async () => {
    await stage.double('npm', npm);
    const { steps } = await call({});
    expect(steps.at(-1)).toMatchObject({ name: 'Run', outcome: 'skipped' });
    const hash = `#${commit}`;
    for (const wrong of [
      ...[
        '$(touch pwned)',
        '-g',
        '--global',
        '1.0.0\nkey=x',
        '../x',
        'a b@1.0.0',
        'millwright',
        'millwright@latest',
      ],
      ...['millwright@^1.0.0', 'file:/tmp/x', `github:team/millwright`, 'github:team/millwright#main'],
      ...[
        `github:team/millwright${hash}0`,
        `github:../x${hash}`,
        `github:a/b${hash}\n-g`,
        `git+ssh://h/p${hash}`,
      ],
      ...[
        `git+https://user:word@h/p${hash}`,
        'https://example.org/x.tgz',
        `https://h/../x.tgz#sha256=${'0'.repeat(64)}`,
      ],
    ]) {
      const refused = await call({ package: wrong });
      expect({ wrong, done: refused.steps[1] }).toMatchObject({
        wrong,
        done: { outcome: 'failure', code: 2 },
      });
      expect(refused.text).not.toContain('npm install');
      expect(existsSync(join(refused.machine.workspace, 'pwned'))).toBe(false);
    }
  });
});

describe('command files', () => {
  test('are read as a runner reads them.', () => {
    expect(pairs('a=1\nb<<END\nx\ny=z\nEND\nc=\n')).toEqual({ a: '1', b: 'x\ny=z', c: '' });
    expect(() => pairs('no value\n')).toThrow();
    expect(() => pairs('b<<END\nx\n')).toThrow();
  });
});
