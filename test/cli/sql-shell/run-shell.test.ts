import { appendFile, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runShell } from '../../../src/cli/sql-shell/run-shell.ts';
import type { SqlSession } from '../../../src/cli/sql-shell/session.ts';
import { systemClock } from '../../../src/contracts/clock.ts';
import { memorySession } from './memory-session.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sql-shell-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A shell on streams. `sees` waits until the text has come since the last look. */
function start(session: SqlSession, interactive: boolean, historyFile?: string) {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const said = { out: '', err: '' };
  let seen = 0;
  output.on('data', (piece) => {
    said.out += String(piece);
  });
  errors.on('data', (piece) => {
    said.err += String(piece);
  });
  const terminal = {
    input,
    output,
    errors,
    interactive,
    color: false,
    width: () => (interactive ? 80 : undefined),
  };
  const stop = new AbortController();
  const ended = runShell(session, terminal, { clock: systemClock, historyFile, signal: stop.signal });
  const sees = async (text: string) => {
    for (let tries = 0; tries < 500; tries += 1) {
      const at = said.out.indexOf(text, seen);
      if (at !== -1) {
        seen = at + text.length;
        return;
      }
      await systemClock.sleep(10);
    }
    throw new Error(`expected ${JSON.stringify(text)}, found ${JSON.stringify(said.out.slice(seen))}`);
  };
  return { type: (text: string) => input.write(text), end: () => input.end(), ended, said, sees, stop };
}

const PROMPT = 'millwright> ';

describe('on a terminal', () => {
  test('a statement of several lines is asked once its semicolon comes, and Ctrl-D ends the shell.', async () => {
    await using session = await memorySession();
    const shell = start(session, true);
    await shell.sees(PROMPT);
    shell.type('select id,\r');
    await shell.sees('        -> ');
    shell.type('name from outcome;\r');
    await shell.sees('3 rows');
    await shell.sees(PROMPT);
    shell.type('\u0004');

    expect(await shell.ended).toBe(0);
    expect(session.asked).toEqual(['select id,\nname from outcome']);
    expect(stripVTControlCharacters(shell.said.out)).toContain('id  name\n──  ────\n 0  n0\n');
  });

  test('errors are printed and the shell goes on.', async () => {
    await using session = await memorySession();
    const shell = start(session, true);
    await shell.sees(PROMPT);
    shell.type('select nothing; select 7 as seven;\r');
    await shell.sees('seven');
    shell.type('.at never\r');
    await shell.sees(PROMPT);
    shell.type('.quit\r');

    expect(await shell.ended).toBe(0);
    expect(shell.said.err).toContain('error: Binder Error: Referenced column "nothing"');
    expect(shell.said.err).toContain('error: there was no such time\nhint: try 2026-01-01\n');
  });

  test('Ctrl-C gives up the line, all of it, and not the shell.', async () => {
    await using session = await memorySession();
    const shell = start(session, true);
    await shell.sees(PROMPT);
    shell.type('select wrong\r');
    await shell.sees('        -> ');
    shell.type('more wrong\u001b[D\u001b[D\u0003');
    await shell.sees(`^C\n`);
    await shell.sees(PROMPT);
    shell.type('select 42 as answer;\r');
    await shell.sees('42');
    shell.type('.quit\r');

    expect(await shell.ended).toBe(0);
    expect(session.asked).toEqual(['select 42 as answer']);
    expect(shell.said.err).toBe('');
  });

  test('Ctrl-C ends the statement that runs, and what stands behind it on the line.', async () => {
    await using session = await memorySession();
    const shell = start(session, true);
    await shell.sees(PROMPT);
    shell.type('select sum(a.range * b.range) from range(10000000) a, range(100000) b; select 1;\r');
    while (session.asked.length === 0) await systemClock.sleep(5);
    await systemClock.sleep(50);
    shell.type('\u0003');
    await shell.sees('^C\n');
    await shell.sees(PROMPT);
    shell.type('select 42 as answer;\r');
    await shell.sees('42');
    shell.type('.quit\r');

    expect(await shell.ended).toBe(0);
    expect(session.asked).toHaveLength(2);
    expect(shell.said.err).toBe('');
  });

  test('the tabulator completes.', async () => {
    await using session = await memorySession();
    const shell = start(session, true);
    await shell.sees(PROMPT);
    shell.type('select count(*) as n from outc\t');
    await shell.sees('ome');
    shell.type(';\r');
    await shell.sees('1 row');
    shell.type('.quit\r');

    await shell.ended;
    expect(session.asked).toEqual(['select count(*) as n from outcome']);
  });

  test('commands describe tables and set format, limit, time and timer.', async () => {
    await using session = await memorySession();
    const shell = start(session, true);
    await shell.sees(PROMPT);
    shell.type('.help\r');
    await shell.sees('.describe');
    shell.type('.tables\r');
    await shell.sees('outcome  what came of it');
    shell.type('.describe OUTCOME\r');
    await shell.sees('name    VARCHAR  what it is called');
    shell.type('.limit 1\r.timer on\rselect id from outcome;\r');
    await shell.sees('first 1 of more rows; .limit 0 shows all');
    await shell.sees(' s\n');
    shell.type('.format jsonl\r.limit 0\rselect id from outcome;\r');
    await shell.sees('{"id":2}\n');
    shell.type('.at 2026-01-01\r.at\r.describe outcom\r.quit\r');

    expect(await shell.ended).toBe(0);
    expect(session.asked).toContain('at 2026-01-01');
    expect(session.asked).toContain('at undefined');
    expect(shell.said.err).toContain('there is no table or view "outcom"\nhint: did you mean outcome?');
  });

  test('the signal ends the shell.', async () => {
    await using session = await memorySession();
    const shell = start(session, true);
    await shell.sees(PROMPT);
    shell.stop.abort();

    expect(await shell.ended).toBe(130);
  });
});

describe('what was typed', () => {
  const token = `ghp_${'x1Y2'.repeat(10)}`;

  test('is there the next time, a statement an entry, for its owner alone, without secrets.', async () => {
    await using session = await memorySession();
    const path = join(folder, 'deep', 'sql_history');
    const shell = start(session, true, path);
    await shell.sees(PROMPT);
    shell.type(`select 1\ras one;\rselect '${token}';\rselect '${token}';\r.quit\r`);
    await shell.ended;

    expect(await readFile(path, 'utf8')).toBe("select 1 as one;\nselect '[a GitHub token]';\n.quit\n");
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    const next = start(session, true, path);
    await next.sees(PROMPT);
    next.type('\u001b[A\u001b[A\u001b[A\r');
    await next.sees('1 row');
    next.type('.quit\r');
    await next.ended;
    expect(session.asked.at(-1)).toBe('select 1 as one');
  });

  test('is cut to the last 1,000.', async () => {
    await using session = await memorySession();
    const path = join(folder, 'long_history');
    await writeFile(path, Array.from({ length: 1_500 }, (_, at) => `select ${at};\n`).join(''));
    const shell = start(session, true, path);
    await shell.sees(PROMPT);
    shell.type('.quit\r');
    await shell.ended;

    const kept = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(kept).toHaveLength(1_001);
    expect(kept[0]).toBe('select 500;');
  });

  test('is never written to where a link points.', async () => {
    await using session = await memorySession();
    const [path, other] = [join(folder, 'linked_history'), join(folder, 'other')];
    await appendFile(other, 'precious\n');
    await symlink(other, path);
    const shell = start(session, true, path);
    await shell.sees(PROMPT);
    shell.type('select 1;\r.quit\r');

    expect(await shell.ended).toBe(0);
    expect(await readFile(other, 'utf8')).toBe('precious\n');
    expect(shell.said.err).toContain('warning: ');
  });
});

describe('a script', () => {
  test('is carried out to its end, also without a last semicolon, and only data is on the output.', async () => {
    await using session = await memorySession();
    const shell = start(session, false);
    shell.type('.format csv\n-- a comment;\nselect id\nfrom outcome; .5;\n'.replace(' .5;', ''));
    shell.type('.timer on\nselect 1 as one');
    shell.end();

    expect(await shell.ended).toBe(0);
    expect(shell.said.out).toBe('id\n0\n1\n2\none\n1\n');
    expect(shell.said.err).toMatch(/^\d+\.\d{3} s\n$/);
  });

  test('ends with 1 at the first error, which names its line.', async () => {
    await using session = await memorySession();
    const shell = start(session, false);
    shell.type('select 1;\n\n\nselect\n nothing;\nselect 2;\n');
    shell.end();

    expect(await shell.ended).toBe(1);
    expect(session.asked).toHaveLength(2);
    expect(shell.said.err).toContain('error in line 4: Binder Error');
  });

  test('that waits for more ends with 130 when it is told to.', async () => {
    await using session = await memorySession();
    const shell = start(session, false);
    shell.type('select 1;\n');
    while (session.asked.length === 0) await systemClock.sleep(5);
    shell.stop.abort();

    expect(await shell.ended).toBe(130);
  });
});
