import type { ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.ts';
import { percentile } from './percentile.ts';
import { allReady, type Played, playWindow } from './play-window.ts';
import { copyClones, type PreparedQueue } from './prepare-queue.ts';
import type { Server } from './server.ts';
import type { PartReport } from './take-part.ts';

export interface RoundPlan {
  readonly what: 'claims' | 'baseline' | 'ceiling';
  readonly queue: PreparedQueue;
  readonly processes: number;
  /** Workers, or clients, in each process. */
  readonly loops: number;
  readonly seconds: number;
  /** Milliseconds that the server adds to every request. */
  readonly delay?: number;
}

export interface Round {
  readonly per_s: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly pushes_per_claim: number;
  readonly lost_races_per_claim: number;
  /** Jain's index over workers: 1 when all got the same, 1/n when one got everything. */
  readonly fairness: number;
  /** Of clients and server together. */
  readonly cpu_ms_per_claim: number;
  readonly claims: number;
  readonly foreign_load: number | null;
  readonly load_average: number;
}

/** Where a benchmark runs. */
export interface Stage {
  readonly home: Home;
  readonly server: Server;
}

/**
 * One round: a fresh copy of the repository, all processes ready before anybody starts, a fixed window in which
 * each worker claims one slot after the other. Only what was done within the window counts; what was under way at
 * its end does not, so the slowest of a crowd show less than they should. Throws when a slot was claimed twice.
 */
export async function runRound({ home, server }: Stage, plan: RoundPlan): Promise<Round> {
  const repository = await server.serve(plan.queue.bare);
  const dir = join(home.dir, 'round');
  await mkdir(dir);
  const children = await startProcesses(home, plan, dir, repository.url);
  try {
    await allReady(children);
    await server.ask({ delay: plan.delay ?? 0 });
    const played = await playWindow(server, children, plan.seconds);
    if (plan.what !== 'ceiling') await audit(home, plan, repository.dir, played.reports);
    return figuresOf(plan, played);
  } finally {
    await server.ask({ delay: 0 });
    await Promise.all(children.map((child) => home.end(child)));
    await server.drop(repository.dir);
    await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

async function startProcesses(
  home: Home,
  { what, queue, processes, loops, seconds }: RoundPlan,
  dir: string,
  url: string,
): Promise<ChildProcess[]> {
  const start = (script: string, ...args: string[]) => home.start(join(home.dir, 'scripts', script), args);
  if (what === 'ceiling') {
    const { stdout } = await home.must('git', ['rev-parse', 'HEAD^{tree}'], queue.bare);
    return [start('ceiling-process.mjs', url, stdout.trim(), String(seconds * 400), String(loops))];
  }
  const clones = await copyClones(home, queue.clone, dir, url, processes);
  return clones.map((clone, at) =>
    what === 'baseline'
      ? start('baseline-process.mjs', clone, `worker-${at}`)
      : start('claim-process.mjs', clone, String(loops)),
  );
}

function figuresOf(plan: RoundPlan, played: Played): Round {
  const { inside, reports } = played;
  const times = inside.flat().map(({ ms }) => ms);
  const shares = inside.flatMap((deeds) =>
    Array.from({ length: plan.loops }, (_, loop) => deeds.filter((deed) => deed.loop === loop).length),
  );
  const lost = reports.reduce((sum, report) => sum + report.lost, 0);
  return {
    per_s: times.length / plan.seconds,
    p50_ms: percentile(times, 0.5),
    p99_ms: percentile(times, 0.99),
    pushes_per_claim: played.pushes / times.length,
    lost_races_per_claim: lost / times.length,
    fairness: jain(shares),
    cpu_ms_per_claim: played.cpuMs / times.length,
    claims: times.length,
    foreign_load: played.foreignLoad,
    load_average: played.loadAverage,
  };
}

function jain(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return (sum * sum) / (shares.length * squares);
}

/** Every slot at most once, and what the workers believe is what the repository holds. */
async function audit(
  home: Home,
  plan: RoundPlan,
  bare: string,
  reports: readonly PartReport[],
): Promise<void> {
  const claimed = reports.flatMap(({ deeds }) => deeds.map(({ what }) => what));
  const twice = claimed.length - new Set(claimed).size;
  if (twice > 0) throw new Error(`${plan.what}: ${twice} slots were claimed twice`);
  const list =
    plan.what === 'claims'
      ? ['for-each-ref', '--format=%(refname:lstrip=3)', 'refs/millwright/slots']
      : ['ls-tree', '--name-only', 'HEAD:queue/claims'];
  const { stdout } = await home.must('git', list, bare);
  const there = new Set(stdout.trim().split('\n'));
  const missing = claimed.filter((slot) => !there.has(slot));
  if (missing.length > 0) throw new Error(`${plan.what}: ${missing.length} claims are not in the repository`);
}
