import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/contracts/clock.ts';
import { type CommandRun, runCommand } from '../../src/programs/run-command.ts';
import { openTranscript } from '../../src/programs/transcript.ts';
import { isRunning } from '../runner/worker/workbench.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millwright-run-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(script: string, more: Partial<CommandRun> = {}) {
  const transcript = await openTranscript(join(folder, 'transcripts', 'one.log'));
  const result = await runCommand({
    argv: ['/bin/sh', '-c', script],
    cwd: folder,
    env: { PATH: process.env.PATH },
    timeLimitMs: 20_000,
    outputLimitBytes: 100_000,
    graceMs: 200,
    clock: systemClock,
    transcript,
    ...more,
  }).finally(() => transcript.close());
  return { ...result, transcript: await readFile(transcript.path, 'utf8') };
}

describe('a command', () => {
  test('gets its input, its folder and its environment, and nothing else.', async () => {
    const result = await run('cat; pwd; env | cut -d= -f1 | sort | tr "\\n" " "', {
      stdin: 'ä\nb\n',
      env: { PATH: process.env.PATH, A: '1' },
    });
    expect(result).toMatchObject({ exit: 0, signal: null, tail: `ä\nb\n${folder}\nA PATH PWD ` });
    expect(result.stdout).toBe(result.tail);
    expect(result).not.toHaveProperty('stopped');
    expect(result.bytes).toBe(Buffer.byteLength(result.tail));
  });

  test('may leave a large input unread.', async () => {
    expect(await run('exec true', { stdin: 'x'.repeat(5_000_000) })).toMatchObject({ exit: 0 });
  });

  test('tells its code, its signal, and the last 4 KB; the transcript has all of it, for this user only.', async () => {
    const result = await run('seq 1 3000; echo oops >&2; exit 7');
    expect(result.exit).toBe(7);
    expect(result.tail).toHaveLength(4_096);
    expect(result.tail.trimEnd().endsWith('3000') || result.tail.includes('oops')).toBe(true);
    expect(result.transcript.split('\n')).toHaveLength(3_002);
    expect((await stat(join(folder, 'transcripts/one.log'))).mode & 0o077).toBe(0);
    expect(await run('kill -TERM $$')).toMatchObject({ exit: null, signal: 'SIGTERM' });
  });

  test('that does not exist, or lies in a folder that is gone, is an error.', async () => {
    await expect(run('', { argv: ['no-such-agent'] })).rejects.toMatchObject({ code: 'command-not-found' });
    await expect(run('', { cwd: '/no/such/folder' })).rejects.toMatchObject({ code: 'command-not-found' });
  });

  test('shows its secrets nowhere but in what is kept for its report.', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const result = await run(`printf 'x ghp_a1B2'; sleep 0.1; echo '${token.slice(8)} y'; echo ${token} >&2`);
    expect(result.transcript.split('\n').sort()).toEqual(['', '[a GitHub token]', 'x [a GitHub token] y']);
    expect(result.tail).not.toContain(token);
  });
});

describe('the limits', () => {
  test('of time: SIGTERM first, so that an agent can tidy up.', async () => {
    const result = await run("trap 'echo tidied; exit 9' TERM; echo up; while :; do sleep 0.05; done", {
      timeLimitMs: 300,
    });
    expect(result).toMatchObject({ stopped: 'time', exit: 9, stdout: 'up\ntidied\n' });
    expect(result.durationMs).toBeGreaterThanOrEqual(290);
  });

  test('of time: SIGKILL for who does not listen.', async () => {
    const result = await run("trap '' TERM; while :; do sleep 0.05; done", { timeLimitMs: 200 });
    expect(result).toMatchObject({ stopped: 'time', exit: null, signal: 'SIGKILL' });
    expect(result.durationMs).toBeLessThan(3_000);
  });

  test('of output: not a byte more is kept, of both streams together.', async () => {
    const result = await run('yes & yes >&2', { outputLimitBytes: 50_001 });
    expect(result).toMatchObject({ stopped: 'output', bytes: 50_001 });
    expect(Buffer.byteLength(result.transcript)).toBe(50_001);
    const exact = await run('printf 12345', { outputLimitBytes: 5 });
    expect(exact).toMatchObject({ exit: 0, bytes: 5 });
    expect(exact).not.toHaveProperty('stopped');
  });

  test('of patience: a signal stops it, also one that came before.', async () => {
    const control = new AbortController();
    setTimeout(() => control.abort(), 200);
    expect(await run('sleep 30', { signal: control.signal })).toMatchObject({
      stopped: 'abort',
      signal: 'SIGTERM',
    });
    let started = false;
    const onStart = () => {
      started = true;
    };
    expect(await run('sleep 30', { signal: control.signal, onStart })).toMatchObject({
      stopped: 'abort',
      bytes: 0,
    });
    expect(started).toBe(false);
  });
});

test('what a command leaves behind in its group is ended with it, and does not hold up the end.', async () => {
  let group = 0;
  const script = '(trap "" TERM; sleep 60) & echo $!; exit 0';
  const result = await run(script, {
    onStart: (pid) => {
      group = pid;
    },
  });
  expect(result.exit).toBe(0);
  expect(result.durationMs).toBeLessThan(2_000);
  expect(group).toBeGreaterThan(1);
  await expect.poll(() => isRunning(Number(result.tail))).toBe(false);
  // One that has left the group and keeps the streams open does not hold it up either.
  const far = await run('setsid sleep 3 & sleep 0.2; echo done');
  expect(far).toMatchObject({ exit: 0, tail: 'done\n' });
  expect(far.durationMs).toBeLessThan(2_500);
});
