import { isDeepStrictEqual } from 'node:util';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Persona } from '../../src/contracts/persona.ts';
import { deriveRouting } from './derive-routing.ts';
import { halfFigures, recordedTable } from './half-figures.ts';
import { importedHalf } from './imported-half.ts';
import { halfOf } from './recorded-outcomes.ts';
import {
  type Attempt,
  attemptAll,
  type Comparison,
  compareWith,
  instances,
  mean,
  models,
} from './routed-solver.ts';

/** One half learnt from, the other one tried on. */
export interface Direction {
  readonly name: string;
  /** null when the two directions are taken together: every instance is then routed by what the other half says. */
  readonly routing: Persona['routing'] | null;
  readonly instances: number;
  readonly resolved: number;
  /** USD an instance. */
  readonly cost: number;
  readonly against: readonly Comparison[];
  /** Instances that at least one model resolved: no choice of models can resolve more. */
  readonly ceiling: number;
}

/** Over many splits; they share their instances, so this is the spread of the split alone. */
export interface Spread {
  readonly mean: number;
  /** The 5 % and 95 % quantiles. */
  readonly low: number;
  readonly high: number;
}

export interface HoldOutSuite {
  readonly directions: readonly Direction[];
  readonly splits: number;
  readonly rate: Spread;
  readonly cost: Spread;
  /** Routed minus each single model, resolve rate and USD an instance, by model. */
  readonly rateAgainst: Readonly<Record<string, Spread>>;
  readonly costAgainst: Readonly<Record<string, Spread>>;
  /** Share of the instances that went to each model. */
  readonly use: Readonly<Record<string, number>>;
}

/** Learns the routing from one half of the instances and looks up what it would have given on the other half. */
export async function holdOutSuite(splits: number): Promise<HoldOutSuite> {
  const connection = await recordedTable();
  const directions = await crossOver(connection, '');
  await checkWholeWay(directions);
  const repeated: Direction[] = [];
  const attempts: Attempt[] = [];
  for (let split = 1; split <= splits; split += 1) {
    const both = await crossOver(connection, `split ${split}`);
    repeated.push(...both.slice(-1).map(({ direction }) => direction));
    attempts.push(...both.slice(-1).flatMap((one) => one.attempts));
  }
  connection.closeSync();
  const spreadOf = (pick: (one: Direction) => number) => spread(repeated.map(pick));
  const against = (pick: (one: Comparison) => number) =>
    Object.fromEntries(models.map((model, at) => [model, spreadOf((one) => pickAt(one.against, at, pick))]));
  return {
    directions: directions.map(({ direction }) => direction),
    splits,
    rate: spreadOf((one) => one.resolved / one.instances),
    cost: spreadOf((one) => one.cost),
    rateAgainst: against(({ rate }) => rate.difference),
    costAgainst: against(({ saving }) => saving.difference),
    use: Object.fromEntries(
      models.map((model) => [
        model,
        attempts.filter(({ routed }) => routed.model === model).length / attempts.length,
      ]),
    ),
  };
}

interface Played {
  readonly direction: Direction;
  readonly attempts: readonly Attempt[];
  readonly learnt: readonly string[];
}

/** A to B, B to A, and both together. */
async function crossOver(connection: DuckDBConnection, salt: string): Promise<Played[]> {
  const half = (wanted: 'A' | 'B') => instances.filter((id) => halfOf(id, salt) === wanted);
  const play = async (learnt: readonly string[], tried: readonly string[], name: string): Promise<Played> => {
    const routing = deriveRouting(await halfFigures(connection, learnt));
    const attempts = attemptAll(routing, tried);
    return { direction: describe(name, routing, attempts), attempts, learnt };
  };
  const there = await play(half('A'), half('B'), 'learnt on A, tried on B');
  const back = await play(half('B'), half('A'), 'learnt on B, tried on A');
  const attempts = [...there.attempts, ...back.attempts];
  return [there, back, { direction: describe('both together', null, attempts), attempts, learnt: [] }];
}

function describe(name: string, routing: Direction['routing'], attempts: readonly Attempt[]): Direction {
  return {
    name,
    routing,
    instances: attempts.length,
    resolved: attempts.filter(({ routed }) => routed.resolved).length,
    cost: mean(attempts.map(({ routed }) => routed.cost_usd)),
    against: models.map((model) => compareWith(model, attempts)),
    ceiling: attempts.filter(({ single }) => [...single.values()].some(({ resolved }) => resolved)).length,
  };
}

/** The fast way over one table must say what an import into a workspace and the analysis of its history say. */
async function checkWholeWay(played: readonly Played[]): Promise<void> {
  for (const { direction, learnt } of played) {
    if (direction.routing === null) continue;
    const routing = deriveRouting(await importedHalf(learnt));
    if (!isDeepStrictEqual(routing, direction.routing))
      throw new Error(`${direction.name}: the workspace gives another routing: ${JSON.stringify(routing)}`);
  }
}

function pickAt(list: readonly Comparison[], at: number, pick: (one: Comparison) => number): number {
  const found = list[at];
  return found === undefined ? Number.NaN : pick(found);
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { mean: mean(values), low: quantile(0.05), high: quantile(0.95) };
}
