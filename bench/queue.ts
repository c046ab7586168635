import { join } from 'node:path';
import { median } from './measure.ts';
import { bundleScripts } from './queue/bundle-scripts.ts';
import { freshStart } from './queue/fresh-start.ts';
import { fsyncMs } from './queue/fsync-ms.ts';
import { type HeldLeases, holdLeases } from './queue/hold-leases.ts';
import { Home } from './queue/home.ts';
import { liveQueue } from './queue/live-queue.ts';
import { type Fleet, measureFleet } from './queue/measure-fleet.ts';
import { measureGrowth } from './queue/measure-growth.ts';
import { layOut, type PreparedQueue, prepareQueue, withUnpackLimit } from './queue/prepare-queue.ts';
import { type Round, type RoundPlan, runRound } from './queue/run-round.ts';
import { Server } from './queue/server.ts';
import { type Figure, isHeld, report } from './report.ts';
import { tableText } from './table-text.ts';

/**
 * The figures of the work queue: `npm run bench:queue [-- --quick --json]`. Everything goes over smart http on
 * loopback to `git http-backend` in a process of its own, stock but for receive.autogc=false; clients and server share
 * the machine. What others do is measured in the same run: a clone for each worker, one shared branch, pull --rebase,
 * commit a lock file, push. TMPDIR says on which disk: a server waits for it with every ref. Quick: shorter windows, one round, up to 16 workers, a tenth of the history.
 */
const quick = process.argv.includes('--quick');
const json = process.argv.includes('--json');
const workers = quick ? [1, 4, 16] : [1, 4, 16, 64];
const seconds = quick ? 3 : 5;
const rounds = quick ? 1 : 3;
const finished = quick ? 5_000 : 50_000;

const home = new Home();
const say = (text: string) => process.stderr.write(`${text}\n`);
const since = performance.now();
const stageName = (text: string) => say(`${Math.round((performance.now() - since) / 1_000)} s: ${text}`);
const percent = (share: number | null) => (share === null ? '?' : `${Math.round(share * 100)} %`);

stageName('server and repositories');
await bundleScripts(join(home.dir, 'scripts'));
const stage = { home, server: await Server.start(home, join(home.dir, 'scripts/server-process.mjs')) };
const fsync_ms = await fsyncMs(home.dir);
say(`  a small file is on this disk after ${fsync_ms.toFixed(2)} ms`);
const first = await layOut(home);
const queueOf = (name: string, slots: number, checkout: 'all' | 'top', past = 0) =>
  prepareQueue(home, first, { name, finished: past, slots, checkout });
// One item more than a thousand slots: see `liveQueue`.
const queue = await queueOf('queue', 1_005, 'top');
const wide = await queueOf('wide', quick ? 2_500 : 6_000, 'top');
const shared = await queueOf('shared', quick ? 200 : 600, 'all');
const grown = await queueOf('grown', 1_005, 'top', finished);

function show(
  { what, processes, loops }: Pick<RoundPlan, 'what' | 'processes' | 'loops'>,
  round: Round,
): void {
  const { per_s, p50_ms, p99_ms, cpu_ms_per_claim: cpu } = round;
  say(
    `  ${what} ${processes} x ${loops}: ${per_s.toFixed(1)}/s, ${p50_ms.toFixed(0)} ms, ` +
      `p99 ${p99_ms.toFixed(0)} ms, ${cpu.toFixed(1)} ms of CPU each; others had ${percent(round.foreign_load)} ` +
      `of the machine, load average ${round.load_average.toFixed(1)}`,
  );
}

/** One shared branch, as others do it. */
async function measureOthers(): Promise<Map<number, Round>> {
  const found = new Map<number, Round>();
  for (const processes of workers) {
    const plan = { what: 'baseline', queue: shared, processes, loops: 1 } as const;
    const round = await runRound(stage, { ...plan, seconds: quick ? 5 : 20 });
    show(plan, round);
    found.set(processes, round);
  }
  return found;
}

/** Workers of one machine share a push path. */
async function measureMachines(
  processes: number,
  loops: number,
  options: { delay?: number; queue?: PreparedQueue } = {},
): Promise<Round> {
  const plan = { what: 'claims', queue: wide, processes, loops, ...options } as const;
  const found: Round[] = [];
  for (let at = 0; at < rounds; at += 1) {
    found.push(await runRound(stage, { ...plan, seconds: quick ? 2.5 : 6 }));
    show(plan, found.at(-1) as Round);
  }
  found.sort((a, b) => a.per_s - b.per_s);
  return found[Math.floor(found.length / 2)] as Round;
}

stageName('the ceiling, and workers with a process each');
const fleet = await measureFleet(stage, { queue, workers, seconds, rounds, onRound: show });
stageName('one shared branch, as others do it');
const others = await measureOthers();
stageName('workers that share a push path');
const nearby = await runRound(stage, { what: 'ceiling', queue, processes: 1, loops: 1, seconds });
const ceiling = { name: 'ceiling', value: nearby.per_s };
const onePath = await measureMachines(1, 16);
const eight = await measureMachines(8, 8);
const eightFar = await measureMachines(8, 8, { delay: 30 });
stageName('the same with receive.unpackLimit=20 on the server: a group of claims stays one pack');
const packed = await withUnpackLimit(home, wide, 20);
const onePathPacked = await measureMachines(1, 16, { queue: packed });
const eightPacked = await measureMachines(8, 8, { queue: packed });
stageName(`${finished} finished slots`);
const growth = await measureGrowth(stage, queue, grown, { finished, seconds: quick ? 5 : 15 });
const fresh: number[] = [];
for (let at = 0; at < 3; at += 1) fresh.push(await freshStart(stage, grown, 'blob:none'));
const freshWithQueue = await freshStart(stage, grown, 'blob:limit=64k');
stageName('a thousand live slots');
const live = await liveQueue(stage, queue);
say(`  list: ${live.list_cpu_ms.toFixed(0)} ms of CPU; fold: ${live.fold_cpu_ms.toFixed(0)} ms of CPU`);
stageName('an hour of leases in simulated time');
const budgets = [await holdLeases(queue.clone, 1), await holdLeases(queue.clone, 8)];

const shareOf = ({ shares }: Fleet, count: number) => shares.get(count) ?? Number.NaN;
const worst = (pick: (one: HeldLeases) => number) => Math.max(...budgets.map(pick));
const figures: Figure[] = [
  {
    name: 'claims, 1 worker, of the ceiling',
    value: shareOf(fleet, 1),
    unit: 'times',
    target: 0.8,
    atLeast: true,
  },
  {
    name: 'claims, 16 workers, of the ceiling',
    value: shareOf(fleet, 16),
    unit: 'times',
    target: 0.6,
    atLeast: true,
  },
  {
    name: '16 workers, one push path',
    value: onePath.per_s,
    unit: 'a second',
    target: 400,
    atLeast: true,
    baseline: ceiling,
  },
  {
    name: '16 workers, one push path, pushes',
    value: onePath.pushes_per_claim,
    unit: 'a claim',
    target: 0.125,
  },
  {
    name: '8 machines of 8',
    value: eight.per_s,
    unit: 'a second',
    target: 300,
    atLeast: true,
    baseline: ceiling,
  },
  { name: '8 machines of 8, p99', value: eight.p99_ms, unit: 'ms', target: 500 },
  {
    name: '8 machines of 8, 30 ms away',
    value: eightFar.per_s,
    unit: 'a second',
    target: 300,
    atLeast: true,
    baseline: ceiling,
  },
  { name: '8 machines of 8, 30 ms away, p99', value: eightFar.p99_ms, unit: 'ms', target: 500 },
  {
    name: `a claim after ${finished} slots`,
    value: growth.grown_ms,
    unit: 'ms',
    target: 1.3 * growth.empty_ms,
    baseline: { name: 'after none', value: growth.empty_ms },
  },
  {
    name: '.git of the server, a finished slot',
    value: growth.git_bytes_per_slot / 1_024,
    unit: 'KiB',
    target: 2,
  },
  { name: 'fresh worker to first claim', value: median(fresh) / 1_000, unit: 's', target: 2 },
  { name: 'fresh worker, small files in its mirror', value: freshWithQueue / 1_000, unit: 's', target: 2 },
  {
    name: 'list 1,000 live slots',
    value: live.list_ms,
    unit: 'ms',
    target: 300,
    baseline: { name: 'git ls-remote', value: live.ls_remote_ms },
  },
  { name: 'fold 1,000 slots', value: live.fold_ms / 1_000, unit: 's', target: 3 },
  { name: 'fold 1,000 slots', value: live.fold_commits, unit: 'commits', target: 3 },
  { name: 'lost in an hour of 8', value: worst(({ lost }) => lost), unit: 'leases', target: 1 },
  {
    name: 'most in a minute',
    value: worst((one) => one.most_pushes_in_any_minute),
    unit: 'pushes',
    target: 7,
  },
];

function workerTable(): string {
  const head = ['workers', 'claims/s', 'N/s', 'ratio', 'p50 ms', 'p99 ms', 'N p50', 'N p99'];
  const more = ['pushes', 'lost', 'N lost', 'Jain', 'N Jain', 'CPU ms', 'N CPU', 'foreign'];
  const rows = workers.map((count) => {
    const [ours, theirs] = [fleet.claims.get(count), others.get(count)];
    if (ours === undefined || theirs === undefined) return [String(count)];
    return [
      String(count),
      ours.per_s.toFixed(1),
      theirs.per_s.toFixed(1),
      `${(ours.per_s / theirs.per_s).toFixed(1)}x`,
      ...[ours.p50_ms, ours.p99_ms, theirs.p50_ms, theirs.p99_ms].map((ms) => ms.toFixed(0)),
      ours.pushes_per_claim.toFixed(2),
      ours.lost_races_per_claim.toFixed(2),
      theirs.lost_races_per_claim.toFixed(2),
      ours.fairness.toFixed(2),
      theirs.fairness.toFixed(2),
      ours.cpu_ms_per_claim.toFixed(1),
      theirs.cpu_ms_per_claim.toFixed(0),
      percent(ours.foreign_load),
    ];
  });
  return tableText([[...head, ...more], ...rows]);
}

function workersJson(): Record<string, unknown> {
  return Object.fromEntries(
    workers.map((count) => {
      const [ours, theirs] = [fleet.claims.get(count), others.get(count)];
      const { per_s: claims_per_s, claims: _claims, ...rest } = ours as Round;
      const baseline_per_s = theirs?.per_s ?? 0;
      return [
        count,
        { claims_per_s, baseline_per_s, ratio: claims_per_s / baseline_per_s, ...rest, baseline: theirs },
      ];
    }),
  );
}

const machinesJson = ({ per_s: claims_per_s, ...rest }: Round) => ({ claims_per_s, ...rest });
const rounded = (_: string, value: unknown) =>
  typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value;

say(
  `\nWorkers, a process and a clone each, against N: one branch, pull --rebase, commit, push\n${workerTable()}`,
);
say(
  `\nThe server takes ${fleet.ceiling.toFixed(1)} pushes a second from one client, ${fleet.ceiling16.toFixed(1)} from sixteen at once; ` +
    `16 workers reach ${percent(fleet.shareOf16)} of the latter.`,
);
say(
  `With receive.unpackLimit=20 on the server: 16 workers on one push path ${onePathPacked.per_s.toFixed(0)}/s instead of ` +
    `${onePath.per_s.toFixed(0)}/s, 8 machines of 8 ${eightPacked.per_s.toFixed(0)}/s instead of ${eight.per_s.toFixed(0)}/s.`,
);
for (const { daemons, schedule, shortest_left_s } of budgets) {
  const minutes = Object.entries(schedule).map(([minute, pushes]) => `${minute}:${pushes}`);
  say(
    `\n8 leases in ${daemons} daemons, at least ${shortest_left_s} s left. Minute:pushes ${minutes.join(' ')}`,
  );
}
report('The queue', figures, { json: false, quick });
const result = {
  pass: figures.every(isHeld),
  quick,
  fsync_ms,
  workers: workersJson(),
  ceiling_per_s: fleet.ceiling,
  ceiling_16_clients_per_s: fleet.ceiling16,
  share_of_ceiling: Object.fromEntries(fleet.shares),
  share_of_ceiling_16_clients: fleet.shareOf16,
  shared_path: machinesJson(onePath),
  machines_8x8: machinesJson(eight),
  machines_8x8_30ms: machinesJson(eightFar),
  unpack_limit_20: { shared_path: machinesJson(onePathPacked), machines_8x8: machinesJson(eightPacked) },
  growth,
  fresh_start_ms: median(fresh),
  fresh_start_small_files_ms: freshWithQueue,
  queue_list_ms: live.list_ms,
  fold_ms: live.fold_ms,
  live_queue: live,
  budget: { one_daemon: budgets[0], eight_daemons: budgets[1] },
  targets: figures.map((figure) => ({ ...figure, held: isHeld(figure) })),
  seconds: (performance.now() - since) / 1_000,
};
if (json) process.stdout.write(`${JSON.stringify(result, rounded)}\n`);
// The server and its connections go with the folder.
process.exit(0);
