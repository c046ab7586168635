import { median } from '../measure.ts';
import type { PreparedQueue } from './prepare-queue.ts';
import { type Round, type RoundPlan, runRound, type Stage } from './run-round.ts';

export interface FleetPlan {
  readonly queue: PreparedQueue;
  /** Numbers of workers, each a process of its own; 1 and 16 are among them. */
  readonly workers: readonly number[];
  readonly seconds: number;
  /** How often 1 and 16 workers are measured, each time between two ceilings of their own. */
  readonly rounds: number;
  onRound(plan: Pick<RoundPlan, 'what' | 'processes' | 'loops'>, round: Round): void;
}

export interface Fleet {
  /** By number of workers. */
  readonly claims: ReadonlyMap<number, Round>;
  /** Pushes a second that the server takes from one client, and from sixteen at the same time. */
  readonly ceiling: number;
  readonly ceiling16: number;
  /** Claims a second as a part of what one client got pushed in the same round, by number of workers. */
  readonly shares: ReadonlyMap<number, number>;
  /** The same against sixteen clients. */
  readonly shareOf16: number;
}

/** Claims of workers that share nothing but the server, and what the server could take in the same minutes. */
export async function measureFleet(stage: Stage, plan: FleetPlan): Promise<Fleet> {
  const play = async (what: RoundPlan['what'], processes: number, loops: number): Promise<Round> => {
    const round = await runRound(stage, { what, processes, loops, queue: plan.queue, seconds: plan.seconds });
    plan.onRound({ what, processes, loops }, round);
    return round;
  };
  const together: { ceiling: Round; one: Round; ceiling16: Round; sixteen: Round }[] = [];
  for (let at = 0; at < plan.rounds; at += 1)
    together.push({
      ceiling: await play('ceiling', 1, 1),
      one: await play('claims', 1, 1),
      ceiling16: await play('ceiling', 1, 16),
      sixteen: await play('claims', 16, 1),
    });
  const claims = new Map([
    [1, medianRound(together.map(({ one }) => one))],
    [16, medianRound(together.map(({ sixteen }) => sixteen))],
  ]);
  for (const workers of plan.workers)
    if (!claims.has(workers)) claims.set(workers, await play('claims', workers, 1));
  return {
    claims,
    ceiling: median(together.map(({ ceiling }) => ceiling.per_s)),
    ceiling16: median(together.map(({ ceiling16 }) => ceiling16.per_s)),
    shares: new Map([
      [1, median(together.map(({ one, ceiling }) => one.per_s / ceiling.per_s))],
      [16, median(together.map(({ sixteen, ceiling }) => sixteen.per_s / ceiling.per_s))],
    ]),
    shareOf16: median(together.map(({ sixteen, ceiling16 }) => sixteen.per_s / ceiling16.per_s)),
  };
}

/** The round in the middle, by claims a second: figures of one round belong together. */
function medianRound(rounds: readonly Round[]): Round {
  const sorted = [...rounds].sort((a, b) => a.per_s - b.per_s);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('there was no round');
  return middle;
}
