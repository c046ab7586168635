import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';
import { freshWorkspace } from '../e2e/prepared-workspace.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

const RED = '\u001b[31m';
const token = `ghp_${'x1Y2'.repeat(10)}`;

describe('colour', () => {
  const errorIn = async (terminal: boolean, env: Record<string, string>) =>
    (await runCliIn('/', ['status'], { terminal, env })).err;

  test('is used on a terminal, and there only.', async () => {
    expect(await errorIn(true, {})).toContain(`${RED}error:`);
    expect(await errorIn(false, {})).not.toContain('\u001b');
  });

  test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('is off with %j.', async (env) => {
    expect(await errorIn(true, env)).not.toContain('\u001b');
  });

  test('NO_COLOR counts only when it is not empty, as its definition says.', async () => {
    expect(await errorIn(true, { NO_COLOR: '' })).toContain(RED);
  });
});

describe('secrets', () => {
  test.each([token, 'open-sesame'])('in the address of a remote reach no output: %s.', async (secret) => {
    await using folder = await freshWorkspace();
    await folder.git('remote', 'add', 'origin', `http://ada:${secret}@127.0.0.1:9/work.git`);
    for (const argv of [
      ['status'],
      ['run'],
      ['plan'],
      ['doctor'],
      ['drop', 'millwright.yaml', '--push', '--kind', 'outcome'],
    ]) {
      const words = await runCliIn(folder.dir, argv);
      const data = await runCliIn(folder.dir, [...argv, '--json']);
      for (const text of [words.out, words.err, data.out, data.err]) {
        expect(text).not.toContain(secret);
      }
      expect(words.code, argv.join(' ')).not.toBe(0);
      expect(() => jsonOf(data)).not.toThrow();
    }
  });

  test('in an argument or a settings file are masked where a message quotes them.', async () => {
    await using folder = await freshWorkspace();
    const shown = await runCliIn(folder.dir, ['review', 'show', token, '--json']);
    expect(shown.out).toContain('[a GitHub token]');
    await appendFile(join(folder.dir, 'millwright.yaml'), `ledger_branch: "http://a:b@c/${token}"\n`);
    const bad = await runCliIn(folder.dir, ['status', '--json']);
    expect(jsonOf(bad)).toMatchObject({ error: { code: 'bad-settings' } });
    for (const { out, err } of [shown, bad, await runCliIn(folder.dir, ['status'])])
      expect(out + err).not.toContain(token);
  });
});

describe('a fault of the program', () => {
  /** Stands for any mistake in the code: the first thing that is printed goes wrong. */
  async function faulty(argv: readonly string[], env: Record<string, string> = {}) {
    const printed: string[] = [];
    let calls = 0;
    const out = (words: string) => {
      calls += 1;
      if (calls === 1) throw new TypeError('a fault of this test');
      printed.push(words);
    };
    const err = (words: string) => printed.push(words);
    const { signal } = new AbortController();
    const code = await runCli(argv, { cwd: tmpdir(), env, terminal: false, signal, out, err });
    return { code, printed: printed.join('') };
  }

  test('is reported as such, as data with --json, with a hint.', async () => {
    const { code, printed } = await faulty(['schema', '--check', '--json']);
    expect(JSON.parse(printed)).toMatchObject({
      error: {
        code: 'unexpected',
        message: 'a fault of this test',
        hint: expect.stringContaining('MILLWRIGHT_DEBUG'),
      },
    });
    expect(code).toBe(1);
  });

  test('shows where it happened only when asked to.', async () => {
    const where = /a fault of this test\n.*\n? +at /;
    expect((await faulty(['schema', '--check'])).printed).not.toMatch(where);
    expect((await faulty(['schema', '--check'], { MILLWRIGHT_DEBUG: '1' })).printed).toMatch(where);
  });
});
