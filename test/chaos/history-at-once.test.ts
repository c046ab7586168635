import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { builtTree } from '../e2e/built-tree.ts';
import { outcomeText } from '../e2e/prepared-workspace.ts';
import { chooseSeed, seededRandom } from '../e2e/seeded-random.ts';
import { historyFolder, outcomeLines, segment } from '../history/history-folder.ts';

const seconds = Number(process.env.MILLWRIGHT_CHAOS_SECONDS ?? 10);
const DOUBLES = 'SELECT count(*)::INT AS n, count(DISTINCT id)::INT AS d FROM outcome';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(
  main: string,
  dir: string,
  argv: readonly string[],
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...argv, '--workspace', dir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  child.stdout?.on('data', (piece: Buffer) => {
    text.out += piece.toString('utf8');
  });
  child.stderr?.on('data', (piece: Buffer) => {
    text.err += piece.toString('utf8');
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, ...text }));
  });
  return { child, ended };
}

test(
  'two passes, three readers and rebuilds that are killed: nobody waits, sees half a load, or loses a record.',
  async () => {
    const seed = chooseSeed('MILLWRIGHT_CHAOS_SEED');
    const random = seededRandom(seed);
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [segment(at + 1), outcomeLines(`s${at}`, 1_000)] as const),
    );
    await using built = await builtTree();
    await using history = await historyFolder(files);
    const { dir } = history.folder;
    const main = built.path('src/cli/main.ts');
    const until = performance.now() + seconds * 1_000;
    const counts: number[] = [];
    let [dropped, killed, rebuilt, passes] = [0, 0, 0, 0];
    // A busy machine does less in the same time: it goes on until enough has happened to prove anything.
    const enough = () => counts.length > 3 && passes > 1 && rebuilt + killed > 1;
    const goesOn = () => performance.now() < until || (!enough() && performance.now() < until + 90_000);

    const read = async () => {
      let last = 0;
      while (goesOn()) {
        const { code, out, err } = await start(main, dir, ['query', DOUBLES, '--json']).ended;
        expect([code, err.replaceAll(/warning: the history was read into memory.*\n/g, '')]).toEqual([0, '']);
        const [row] = JSON.parse(out) as [{ n: number; d: number }];
        expect(row.d).toBe(row.n);
        expect(row.n).toBeGreaterThanOrEqual(Math.max(last, 30_000));
        last = row.n;
        counts.push(row.n);
      }
    };
    const pass = async () => {
      while (goesOn()) {
        const id = `dropped-${dropped}`;
        dropped += 1;
        await history.folder.write(`queue/inbox/outcome/${id}.json`, outcomeText(id, { id }));
        expect((await start(main, dir, ['run', '--once']).ended).code).toBe(0);
        passes += 1;
      }
    };
    const rebuild = async () => {
      while (goesOn()) {
        const { child, ended } = start(main, dir, ['rebuild']);
        const isKilled = random() < 0.5;
        if (isKilled) void after(random() * 1_500).then(() => child.kill('SIGKILL'));
        const { code, err } = await ended;
        if (code === 0) rebuilt += 1;
        else if (isKilled && code === null) killed += 1;
        else throw new Error(`a rebuild ended with ${code}: ${err}`);
      }
    };
    await Promise.all([read(), read(), read(), pass(), pass(), rebuild()]);
    process.stdout.write(
      `history seed ${seed}: ${counts.length} answers, ${passes} passes, ${rebuilt} rebuilds, ${killed} killed\n`,
    );
    expect((await start(main, dir, ['run', '--once']).ended).code).toBe(0);
    for (const argv of [['query', DOUBLES, '--json'], ['rebuild'], ['query', DOUBLES, '--json']]) {
      const { code, out } = await start(main, dir, argv).ended;
      expect(code).toBe(0);
      if (argv[0] === 'query')
        expect(JSON.parse(out)).toEqual([{ n: 30_000 + dropped, d: 30_000 + dropped }]);
    }
    const left = (await readdir(join(dir, '.millwright'))).filter((name) => /\.new|\.lock/.test(name));
    expect(left).toEqual([]);
    expect(enough()).toBe(true);
  },
  (seconds + 240) * 1_000,
);
