import { appendFile, chmod, cp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/contracts/clock.ts';
import { controllers } from '../../src/runner/controllers.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import { jsonOf, runCliIn } from '../cli/run-cli-in.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { runProcess } from '../support/run-process.ts';
import { type BuiltTree, builtTree } from './built-tree.ts';
import { endState } from './end-state.ts';
import {
  busyWorkspace,
  copyWorkspace,
  freshWorkspace,
  inWorkspace,
  outcomeText,
  place,
} from './prepared-workspace.ts';
import { smallDisk } from './small-disk.ts';

let built: BuiltTree;
let prepared: GitFolder;
beforeAll(async () => {
  [built, prepared] = await Promise.all([builtTree(), busyWorkspace()]);
});
afterAll(() => Promise.all([built[Symbol.asyncDispose](), prepared[Symbol.asyncDispose]()]));

describe('without a git identity', () => {
  test('passes work; a review says what is missing, does nothing, and takes a name instead.', async () => {
    await using folder = await copyWorkspace(prepared);
    await folder.git('config', '--remove-section', 'user');
    await folder.git('config', 'user.useConfigOnly', 'true');
    expect(jsonOf(await runCliIn(folder.dir, ['run', '--json']))).toMatchObject({ accepted: { outcome: 5 } });
    const refs = await folder.git('for-each-ref');
    for (const verb of ['apply', 'reject']) {
      const answer = await runCliIn(folder.dir, ['review', verb, 'millwright/', '--json']);
      expect(jsonOf(answer)).toMatchObject({
        error: { code: 'no-identity', hint: expect.stringMatching(/git config.*--by/) },
      });
      expect(answer.code).toBe(1);
    }
    expect(await folder.git('for-each-ref')).toBe(refs);
    const named = ['review', 'apply', 'millwright/', '--by', 'Ada <ada@example.invalid>'];
    expect(await runCliIn(folder.dir, named)).toMatchObject({ code: 0 });
    expect((await endState(folder.dir)).faults).toEqual([]);
  });
});

describe('with a detached HEAD', () => {
  test('a pass records on the ledger branch and leaves HEAD and the checkout where they are.', async () => {
    await using folder = await freshWorkspace();
    await folder.git('checkout', '-q', '--detach');
    const head = await folder.git('rev-parse', 'HEAD');
    await place(folder.dir, 'queue/inbox/outcome/a.json', outcomeText('a'));
    expect(jsonOf(await runCliIn(folder.dir, ['run', '--json']))).toMatchObject({ accepted: { outcome: 1 } });
    expect(await folder.git('rev-parse', 'HEAD')).toBe(head);
    expect((await folder.gitCode('symbolic-ref', '-q', 'HEAD')).code).toBe(1);
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(await folder.git('ls-tree', '-r', '--name-only', 'main', 'state/outcome')).toMatch(/0001\.jsonl$/);
    expect(jsonOf(await runCliIn(folder.dir, ['run', '--json']))).toMatchObject({ changed: false });
  });
});

describe('when the index is locked by another program', () => {
  test('a pass gives up after its patience, says so, touches nothing, and a later one goes on.', async () => {
    await using folder = await copyWorkspace(prepared);
    const before = await folder.git('for-each-ref');
    const status = await folder.git('status', '--porcelain');
    await folder.write('.git/index.lock', 'some other program\n');
    // Patience is measured by the clock alone: with one that runs fast it ends soon.
    let ms = 0;
    const fast = { ...systemClock, monotonicMs: () => (ms += 500), sleep: () => systemClock.sleep(1) };
    const pass = inWorkspace(folder.dir, (context) => runPass(context, { controllers }), { clock: fast });
    await expect(pass).rejects.toMatchObject({
      code: 'index-locked',
      hint: expect.any(String),
      retry: 'back-off',
    });
    expect(await folder.read('.git/index.lock')).toBe('some other program\n');
    expect(await folder.git('for-each-ref')).toBe(before);
    await rm(join(folder.dir, '.git/index.lock'));
    expect(await folder.git('status', '--porcelain')).toBe(status);
    expect(jsonOf(await runCliIn(folder.dir, ['run', '--json']))).toMatchObject({ accepted: { outcome: 5 } });
    expect((await endState(folder.dir)).faults).toEqual([]);
  });
});

describe('on a full disk', () => {
  test('every command fails with its reason and a hint, and all is well when there is space again.', async () => {
    await using disk = await smallDisk(24);
    if (disk === undefined) return fullByLimit();
    const dir = join(disk.dir, 'work');
    const spaces = [0, 4_096, 16_384, 49_152, 98_304, 196_608];
    const codes: unknown[] = [];
    for (const free of spaces) {
      await disk.leave(Number.POSITIVE_INFINITY);
      await rm(dir, { recursive: true, force: true });
      await cp(prepared.dir, dir, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
      await disk.leave(free);
      const answer = await runCliIn(dir, ['run', '--json']);
      codes.push(answer.code === 0 ? 'done' : (jsonOf(answer) as { error: { code: string } }).error.code);
      await disk.leave(Number.POSITIVE_INFINITY);
      expect(await runCliIn(dir, ['run', '--json']), `with ${free} bytes`).toMatchObject({ code: 0 });
      expect((await endState(dir)).faults, `with ${free} bytes`).toEqual([]);
    }
    expect(new Set(codes)).toEqual(new Set(['disk-full']));
  });
});

/** Where no disk can be mounted: a limit on the size of a file stops writes in the same place. */
async function fullByLimit(): Promise<void> {
  await using folder = await copyWorkspace(prepared);
  const main = built.path('src/cli/main.ts');
  const limited = `ulimit -f 8; exec "$0" "$1" run --json`;
  const { stdout, code } = await runProcess('bash', ['-c', limited, process.execPath, main], {
    cwd: folder.dir,
    env: process.env,
  });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { hint: expect.any(String) } });
  expect(jsonOf(await runCliIn(folder.dir, ['run', '--json']))).toMatchObject({ failures: [] });
  expect((await endState(folder.dir)).faults).toEqual([]);
}

describe('in a repository that cannot be written', () => {
  test('looking works, a pass says who may, and nothing has changed.', async () => {
    await using folder = await copyWorkspace(prepared);
    const refs = await folder.git('for-each-ref');
    const answer = await asReader(folder, ['run', '--json']);
    expect(JSON.parse(answer.stdout)).toMatchObject({
      error: { code: 'no-permission', hint: expect.stringContaining('owner') },
    });
    expect(answer.code).toBe(1);
    expect(await asReader(folder, ['status', '--json'])).toMatchObject({ code: 0 });
    const doctor = await asReader(folder, ['doctor']);
    expect(doctor).toMatchObject({ code: 1, stdout: expect.stringContaining('cannot be written') });
    await folder.git('for-each-ref').then((now) => expect(now).toBe(refs));
  });
});

/** Root may write everywhere: it hands over to somebody who may not. Anybody else gives the right up. */
async function asReader(folder: GitFolder, argv: readonly string[]) {
  const root = process.getuid?.() === 0;
  const trusted = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };
  const mode = (bits: string) => runProcess('chmod', ['-R', bits, dirname(folder.dir)], { env: process.env });
  await mode(root ? 'a+rX' : 'a-w');
  await mode('a+rX');
  const nobody = root ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];
  const [program = '', ...before] = [...nobody, process.execPath, built.path('src/cli/main.ts')];
  await chmod(dirname(built.path('package.json')), 0o755);
  const answer = await runProcess(program, [...before, ...argv], {
    cwd: folder.dir,
    env: { ...process.env, ...trusted },
  });
  if (!root) await mode('u+w');
  return answer;
}

describe('where there is no workspace', () => {
  test('a broken millwright.yaml is named with its line and what was expected, and nothing runs.', async () => {
    await using folder = await copyWorkspace(prepared);
    await appendFile(join(folder.dir, 'millwright.yaml'), 'limits:\n  contract_bites: 7\nledger_branch: [\n');
    for (const line of ['run', 'status', 'plan', 'review list', 'doctor']) {
      const answer = await runCliIn(folder.dir, [...line.split(' '), '--json']);
      const { error } = jsonOf(answer) as { error: { code: string; message: string } };
      expect(error).toMatchObject({
        code: 'bad-settings',
        message: expect.stringMatching(/millwright\.yaml:\d+: /),
      });
      expect(answer.code).toBe(1);
    }
    await writeFile(join(folder.dir, 'millwright.yaml'), 'remote: false\nledger_brunch: main\n');
    const { err } = await runCliIn(folder.dir, ['run']);
    expect(err).toMatch(/millwright\.yaml:2: ledger_brunch: .*\n\nhint: did you mean "ledger_branch"/);
  });

  test('a folder that is no repository, is not there, or holds no workspace says how to begin.', async () => {
    await using plain = await gitFolder({ 'a.txt': 'a\n' });
    const outside = dirname(plain.dir);
    const cases = [
      [plain.dir, 'no-workspace'],
      [outside, 'no-repository'],
      [join(outside, 'nowhere'), 'no-repository'],
    ] as const;
    for (const [dir, code] of cases) {
      const answer = await runCliIn(outside, ['run', '--json', '--workspace', dir]);
      expect(jsonOf(answer)).toMatchObject({ error: { code } });
      expect(answer.code).toBe(10);
    }
  });
});
