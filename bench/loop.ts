import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { measure, measureNode, median, medianOf } from './measure.ts';
import { type Figure, report } from './report.ts';
import { seeded, writeSyntheticOutcomes } from './synthetic-outcomes.ts';

/**
 * The figures of the loop: `npm run bench:loop [-- --quick --json]`. Every process is measured as a whole, start-up included.
 * Quick: a tenth of the lines to import, fewer repetitions. Everything happens in a temporary folder.
 */
const quick = process.argv.includes('--quick');
const json = process.argv.includes('--json');
const times = quick ? 3 : 7;
const seed = 20_261_121;

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const map = fileURLToPath(new URL('../src/cli/demo-data/swe-bench.map.yaml', import.meta.url));
const home = await mkdtemp(join(tmpdir(), 'millwright-bench-'));
const say = (text: string) => process.stderr.write(`${text}\n`);
const millwright = (args: readonly string[], cwd = home) => measureNode([cli, ...args], cwd);

async function must(args: readonly string[], cwd = home) {
  const done = await millwright(args, cwd);
  if (done.code !== 0)
    throw new Error(`millwright ${args.join(' ')} ended with ${done.code}: ${done.stdout}`);
  return done;
}

async function workspace(name: string): Promise<string> {
  const root = join(home, name);
  await must(['init', root]);
  return root;
}

async function startUp(): Promise<Figure[]> {
  say('start-up and main job');
  const bare = await medianOf(times, async () => (await measure(process.execPath, ['-e', '0'], home)).ms);
  const help = await medianOf(times, async () => (await must(['--help'])).ms);
  const job = await medianOf(quick ? 1 : 3, async () => {
    const done = await must(['demo', '--dir', await mkdtemp(join(home, 'demo-'))]);
    return done.ms / 1_000;
  });
  return [
    { name: 'help', value: help, unit: 'ms', target: 150, baseline: { name: 'node -e 0', value: bare } },
    { name: 'main job', value: job, unit: 's', target: 15 },
  ];
}

async function bigHistory(): Promise<Figure[]> {
  say('a history of 100,000 records');
  const root = await workspace('history');
  const file = join(home, 'history.jsonl');
  await writeSyntheticOutcomes(file, 100_000, seed);
  await must(['import', file, '--kind', 'outcome', '--map', map, '--workspace', root]);
  await must(['run', '--once', '--workspace', root]);
  const head = async () => (await measure('git', ['rev-parse', 'HEAD'], root)).stdout;
  const before = await head();
  const git = await medianOf(times, async () => (await measure('git', ['status', '--short'], root)).ms);
  const status = await medianOf(times, async () => (await must(['status', '--workspace', root])).ms);
  const pass = await medianOf(times, async () => (await must(['run', '--once', '--workspace', root])).ms);
  if ((await head()) !== before) throw new Error('a pass with nothing to do made a commit');
  const roster = (await readdir(join(root, 'personas'))).filter((name) => name.endsWith('.yaml')).length;
  say(`  ${roster} personas`);
  return [
    {
      name: 'status 100k',
      value: status,
      unit: 'ms',
      target: 400,
      baseline: { name: 'git status', value: git },
    },
    {
      name: 'idle pass 100k',
      value: pass,
      unit: 'ms',
      target: 400,
      baseline: { name: 'git status', value: git },
    },
  ];
}

async function fullInbox(): Promise<Figure[]> {
  say('10,000 files in the inbox');
  const count = 10_000;
  const random = seeded(seed);
  const body = (at: number) =>
    JSON.stringify({
      idea_id: `task-${at}`,
      persona_id: 'solver',
      persona_version: '1.0.0',
      model: 'sonnet-4-5',
      outcome: random() < 0.6 ? 'accepted' : 'failed',
      cost_usd: random(),
    });
  const root = await workspace('inbox');
  const plain = join(home, 'plain');
  await mkdir(join(plain, 'inbox'), { recursive: true });
  for (let at = 0; at < count; at += 1) {
    await writeFile(join(root, 'queue/inbox/outcome', `o-${at}.json`), body(at));
    await writeFile(join(plain, 'inbox', `o-${at}.json`), body(at));
  }
  const pass = await must(['run', '--once', '--json', '--workspace', root]);
  const { accepted } = JSON.parse(pass.stdout) as { accepted: { outcome?: number } };
  if (accepted.outcome !== count) throw new Error(`expected ${count} records, found ${accepted.outcome}`);
  const since = performance.now();
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['-c', 'user.name=b', '-c', 'user.email=b@b', 'commit', '-qm', 'files'],
  ])
    await measure('git', args, plain);
  const baseline = { name: 'git add and commit', value: (performance.now() - since) / 1_000 };
  return [
    { name: 'inbox 10k', value: pass.ms / 1_000, unit: 's', target: 10, baseline },
    { name: 'inbox 10k memory', value: pass.peakMb, unit: 'MB', target: 400 },
  ];
}

async function bigImport(): Promise<{ figures: Figure[]; lines: number }> {
  const lines = quick ? 100_000 : 1_000_000;
  say(`an import of ${lines.toLocaleString('en')} lines`);
  const root = await workspace('import');
  const file = join(home, 'import.jsonl');
  await writeSyntheticOutcomes(file, lines, seed);
  const zipped = `${file}.gz`;
  await pipeline(createReadStream(file), createGzip(), (await import('node:fs')).createWriteStream(zipped));
  const before = await folderBytes(join(root, '.git'));
  const done = await must(['import', file, '--kind', 'outcome', '--map', map, '--workspace', root]);
  const grown = (await folderBytes(join(root, '.git'))) - before;
  const again = await must([
    'import',
    file,
    '--kind',
    'outcome',
    '--map',
    map,
    '--json',
    '--workspace',
    root,
  ]);
  const { added, commits } = JSON.parse(again.stdout) as { added: number; commits: number };
  if (added !== 0 || commits !== 0) throw new Error('a second import changed something');
  const share = quick ? 0.1 : 1;
  return {
    lines,
    figures: [
      { name: 'import', value: done.ms / 1_000, unit: 's', target: 60 * share },
      { name: 'import memory', value: done.peakMb, unit: 'MB', target: 600 },
      { name: 'import git growth', value: grown / (await stat(zipped)).size, unit: 'times', target: 3 },
      { name: 'import again', value: again.ms / 1_000, unit: 's', target: 60 * share },
    ],
  };
}

/** From the rename that makes a file visible to the commit that records it. */
async function dropToRecord(): Promise<Figure[]> {
  say('drop to record under --watch');
  const root = await workspace('watch');
  const child = spawn(process.execPath, [cli, 'run', '--watch', '--json', '--workspace', root], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const waits: number[] = [];
  let resolveNext: (() => void) | undefined;
  child.stdout.on('data', () => resolveNext?.());
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  for (let at = 0; at < (quick ? 7 : 21); at += 1) {
    const path = join(root, 'queue/inbox/outcome', `w-${at}.json`);
    await writeFile(`${path}.tmp`, JSON.stringify({ idea_id: `w-${at}`, outcome: 'accepted' }));
    const recorded = new Promise<void>((resolve) => {
      resolveNext = resolve;
    });
    const since = performance.now();
    await rename(`${path}.tmp`, path);
    await recorded;
    waits.push(performance.now() - since);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  child.kill('SIGTERM');
  return [{ name: 'drop to record', value: median(waits), unit: 'ms', target: 500 }];
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

try {
  const figures = [
    ...(await startUp()),
    ...(await bigHistory()),
    ...(await fullInbox()),
    ...(await dropToRecord()),
  ];
  const imported = await bigImport();
  report('The loop', [...figures, ...imported.figures], {
    json,
    quick,
    more: { seed, import_lines: imported.lines },
  });
} finally {
  await rm(home, { recursive: true, force: true });
}
