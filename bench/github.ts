import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dropRoutes, openWorks, type Works } from './github/works.ts';
import { measure, medianOf } from './measure.ts';
import { type Figure, report } from './report.ts';

/**
 * What a pass costs on GitHub: `npm run bench:github [-- --quick --json]`. Requests are counted by the emulator of the
 * tests; a pass is a process of its own. "Fresh" is a runner that remembers nothing, as each job of Actions is.
 * Quick: fewer repetitions.
 */
const quick = process.argv.includes('--quick');
const json = process.argv.includes('--json');
const times = quick ? 3 : 7;
const proposals = 50;

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const say = (text: string) => process.stderr.write(`${text}\n`);

await using works = await openWorks(await mkdtemp(join(tmpdir(), 'millwright-bench-')), proposals + 1);
Object.assign(process.env, works.env);

say('an idle pass');
await dropRoutes(works.dir, proposals, proposals + 1);
await pass();
const idle = await idleFigures('idle pass', 1);

say(`${proposals} more proposals`);
await dropRoutes(works.dir, 0, proposals);
const opening = await works.requestsOf(pass);
const open = works.github.pulls().filter(({ state }) => state === 'open').length;
if (open !== proposals + 1) throw new Error(`expected ${proposals + 1} open pull requests, found ${open}`);
const held = await idleFigures(`pass with ${open} open`, open);

say('the base moves under all of them');
await moveBase(works);
const remade = await works.requestsOf(pass);

const requests = (name: string, value: number, target: number): Figure => ({
  name,
  value,
  unit: 'requests',
  target,
  baseline: { name: 'one request a proposal', value: open },
});
report(
  'On GitHub',
  [
    ...idle,
    ...held,
    requests(`pass that makes ${open} anew`, remade, 60),
    requests(`pass that opens ${proposals}`, opening, 4 * proposals),
  ],
  { json, quick, more: { proposals: open } },
);

async function pass(): Promise<void> {
  const done = await measure(process.execPath, [cli, 'run', '--once', '--json'], works.dir);
  if (done.code !== 0) throw new Error(`a pass ended with ${done.code}: ${done.stdout}`);
}

/** @param open how many pull requests a client that asks for each would ask for */
async function idleFigures(name: string, open: number): Promise<Figure[]> {
  await pass();
  const before = await works.git('rev-parse', 'origin/main');
  const fetched = await medianOf(times, async () => {
    const node = await measure(process.execPath, ['-e', '0'], works.dir);
    return (node.ms + (await measure('git', ['fetch', '-q', 'origin'], works.dir)).ms) / 1_000;
  });
  const seconds = await medianOf(times, async () => {
    const since = performance.now();
    await pass();
    return (performance.now() - since) / 1_000;
  });
  const counted = await works.requestsOf(pass);
  await rm(join(works.dir, '.millwright'), { recursive: true });
  const fresh = await works.requestsOf(pass);
  if ((await works.git('rev-parse', 'origin/main')) !== before) throw new Error('an idle pass made a commit');
  const each = { name: 'one request a proposal', value: open };
  return [
    { name, value: seconds, unit: 's', target: 3, baseline: { name: 'node, git fetch', value: fetched } },
    {
      name: `${name}, requests`,
      value: counted,
      unit: 'requests',
      target: open === 1 ? 5 : 60,
      baseline: each,
    },
    {
      name: `${name}, fresh, requests`,
      value: fresh,
      unit: 'requests',
      target: open === 1 ? 5 : 60,
      baseline: each,
    },
  ];
}

/** A person changes every persona: each proposal has to be made anew. */
async function moveBase({ dir, git }: Works): Promise<void> {
  await git('pull', '-q', '--rebase', 'origin', 'main');
  for (let at = 0; at <= proposals; at += 1)
    await appendFile(join(dir, `personas/worker-${at}.yaml`), '# seen\n');
  await git('commit', '-q', '-a', '-m', 'Look at every persona');
  await git('push', '-q', 'origin', 'main');
}
