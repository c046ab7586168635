import { chmod, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jsonOf, runCliIn } from '../cli/run-cli-in.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';
import { type HttpGitServerOptions, httpGitServer } from '../support/http-git-server.ts';
import { endState } from './end-state.ts';
import { freshWorkspace, outcomeText, place } from './prepared-workspace.ts';

let folder: GitFolder;
let remote: GitFolder;

beforeEach(async () => {
  [folder, remote] = await Promise.all([freshWorkspace(), bareRemote()]);
  await folder.git('push', '-q', remote.dir, 'main');
  await place(folder.dir, 'queue/inbox/outcome/a.json', outcomeText('a'));
});
afterEach(() => Promise.all([folder[Symbol.asyncDispose](), remote[Symbol.asyncDispose]()]));

const run = () => runCliIn(folder.dir, ['run', '--json']);

/** A pass that failed as a whole: its words, its exit code, and that everything is as before. */
async function failedPass(): Promise<{ code: number; error: Record<string, unknown> }> {
  const before = await stateOf();
  const answer = await run();
  expect(await stateOf()).toEqual(before);
  const { error } = jsonOf(answer) as { error: Record<string, unknown> };
  expect(error.hint).toEqual(expect.any(String));
  return { code: answer.code, error };
}

async function stateOf() {
  return {
    refs: await folder.git('for-each-ref', 'refs/heads', 'refs/millwright'),
    status: await folder.git('status', '--porcelain', '-uall'),
    remote: await remote.git('for-each-ref'),
    waiting: await folder.read('queue/inbox/outcome/a.json'),
  };
}

/** Everything is there when the trouble is over. */
async function goesOn(): Promise<void> {
  expect(jsonOf(await run())).toMatchObject({ accepted: { outcome: 1 }, failures: [] });
  expect(await remote.git('rev-parse', 'main')).toBe(await folder.git('rev-parse', 'main'));
  expect((await endState(folder.dir)).faults).toEqual([]);
}

async function serve(options: Omit<HttpGitServerOptions, 'root'>) {
  const server = await httpGitServer({ root: dirname(remote.dir), ...options });
  return { server, url: `${server.url}/${basename(remote.dir)}` };
}

async function hook(name: string, body: string): Promise<void> {
  const path = join(remote.dir, 'hooks', name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
}

describe('no remote', () => {
  test('is no trouble: this repository is the truth, also when the settings say so against an origin.', async () => {
    await folder.git('remote', 'add', 'origin', join(remote.dir, 'nowhere'));
    await folder.write('millwright.yaml', 'remote: false\n');
    await folder.git('commit', '-q', '-m', 'Local only', 'millwright.yaml');
    expect(jsonOf(await run())).toMatchObject({ accepted: { outcome: 1 } });
    expect((await endState(folder.dir)).faults).toEqual([]);
  });

  test('under the name that the settings give is a failure that names it.', async () => {
    await folder.write('millwright.yaml', 'remote: upstream\n');
    expect(await failedPass()).toMatchObject({
      code: 1,
      error: { code: 'remote-missing', message: expect.stringContaining('upstream') },
    });
  });
});

describe('a remote that is gone', () => {
  test('fails the pass with its address and leaves the work for later.', async () => {
    await folder.git('remote', 'add', 'origin', remote.dir);
    const away = `${remote.dir}.away`;
    await rename(remote.dir, away);
    const answer = await run();
    expect(jsonOf(answer)).toMatchObject({
      error: {
        code: 'remote-missing',
        message: expect.stringContaining(remote.dir),
        hint: expect.stringContaining('git remote -v'),
      },
    });
    expect(answer.code).toBe(1);
    expect(await folder.exists('queue/inbox/outcome/a.json')).toBe(true);
    await rename(away, remote.dir);
    await goesOn();
  });

  test('over http, because nobody listens there, is unreachable and asks to be tried again.', async () => {
    const { server, url } = await serve({});
    await server.stop();
    await folder.git('remote', 'add', 'origin', url);
    expect(await failedPass()).toMatchObject({
      code: 1,
      error: { code: 'remote-unreachable', retry: 'back-off' },
    });
    await folder.git('remote', 'set-url', 'origin', remote.dir);
    await goesOn();
  });

  test('in the middle of a pass leaves nothing half done.', async () => {
    let pushes = 0;
    const { server, url } = await serve({
      intercept: (req) => {
        if (req.url?.includes('git-receive-pack') !== true) return undefined;
        pushes += 1;
        return pushes > 2 ? { status: 503 } : undefined;
      },
    });
    await using _ = server;
    await folder.git('remote', 'add', 'origin', url);
    await run();
    await folder.git('remote', 'set-url', 'origin', remote.dir);
    await run();
    expect(await remote.git('rev-parse', 'main')).toBe(await folder.git('rev-parse', 'main'));
    const { state, faults } = await endState(folder.dir);
    expect(faults).toEqual([]);
    expect(state.records.outcome).toHaveLength(1);
  });
});

describe('a remote that refuses', () => {
  test('has its own words shown, and nothing moves here either.', async () => {
    await folder.git('remote', 'add', 'origin', remote.dir);
    await hook('pre-receive', 'echo "main is frozen until Monday" >&2; exit 1');
    expect(await failedPass()).toMatchObject({
      code: 1,
      error: { code: 'push-refused', message: expect.stringContaining('main is frozen until Monday') },
    });
    await hook('pre-receive', 'exit 0');
    await goesOn();
  });

  test('only the branch of the proposal, still has the records, and says so.', async () => {
    await folder.git('remote', 'add', 'origin', remote.dir);
    await hook(
      'update',
      'case "$1" in refs/heads/millwright/*) echo "no such branches here" >&2; exit 1;; esac',
    );
    const deltas = [{ op: 'set_route', domain: 'a/b', model: 'sonnet-4-5' }];
    const recommendation = {
      recommendation_type: 'routing',
      target_persona: 'solver',
      priority: 'high',
      title: 'route a/b',
      evidence: [{ statement: 'seen' }],
      suggested_change: { deltas },
    };
    await place(folder.dir, 'queue/inbox/recommendation/r.json', JSON.stringify(recommendation));
    const answer = await run();
    expect(answer.code).toBe(1);
    expect(jsonOf(answer)).toMatchObject({
      error: { code: 'push-refused', message: expect.stringContaining('no such branches here') },
    });
    const { records } = (await endState(folder.dir)).state;
    expect([records.outcome?.length, records.recommendation?.length, records.patch?.length]).toEqual([
      1, 1, 1,
    ]);
    await hook('update', 'exit 0');
    expect(jsonOf(await run())).toMatchObject({ proposals: [{ result: 'opened' }] });
    expect((await endState(folder.dir)).faults).toEqual([]);
  });

  test('a wrong password ends with 12, and the right one goes on.', async () => {
    const { server, url } = await serve({ user: 'ada', password: 'right' });
    await using _ = server;
    const withPassword = (password: string) =>
      Object.assign(new URL(url), { username: 'ada', password }).href;
    await folder.git('remote', 'add', 'origin', withPassword('wrong'));
    const { code, error } = await failedPass();
    expect({ code, error }).toMatchObject({ code: 12, error: { code: 'remote-credentials' } });
    expect(JSON.stringify(error)).not.toContain('wrong');
    await folder.git('remote', 'set-url', 'origin', withPassword('right'));
    await goesOn();
  });

  test('a remote that is full says so.', async () => {
    await folder.git('remote', 'add', 'origin', remote.dir);
    await hook('pre-receive', 'echo "fatal: write error: No space left on device" >&2; exit 1');
    const { error } = await failedPass();
    expect(error.message).toContain('No space left on device');
  });
});

describe('a shallow clone', () => {
  test('takes part like any other clone.', async () => {
    await using shallow = await gitFolder();
    await shallow.git('remote', 'add', 'origin', `file://${remote.dir}`);
    await shallow.git('fetch', '-q', '--depth', '1', 'origin', 'main');
    await shallow.git('reset', '-q', '--hard', 'FETCH_HEAD');
    expect(await shallow.git('rev-parse', '--is-shallow-repository')).toBe('true');
    await place(shallow.dir, 'queue/inbox/outcome/b.json', outcomeText('b'));
    expect(jsonOf(await runCliIn(shallow.dir, ['run', '--json']))).toMatchObject({
      accepted: { outcome: 1 },
    });
    await folder.git('remote', 'add', 'origin', remote.dir);
    await goesOn();
    expect(jsonOf(await runCliIn(shallow.dir, ['run', '--json']))).toMatchObject({ changed: false });
    expect(await shallow.git('rev-parse', 'main')).toBe(await remote.git('rev-parse', 'main'));
    expect((await endState(shallow.dir)).state.records.outcome).toHaveLength(2);
  });
});
