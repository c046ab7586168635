import type { Persona } from '../../src/contracts/persona.ts';
import { pairedDifference } from '../../src/feedback/statistics/paired-difference.ts';
import { type RecordedOutcome, recordedOutcomes } from './recorded-outcomes.ts';

/** What one instance gave under the routed solver and under each single choice of a model. */
export interface Attempt {
  readonly routed: RecordedOutcome;
  readonly single: ReadonlyMap<string, RecordedOutcome>;
}

export interface Difference {
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
}

/** The routed solver against always taking one model, on the same instances. Intervals are 90 %. */
export interface Comparison {
  readonly model: string;
  readonly resolved: number;
  /** USD an instance. */
  readonly cost: number;
  /** Instances that only the routed solver, only the single model resolved. */
  readonly wins: number;
  readonly losses: number;
  /** Resolve rate of the routed solver minus that of the model. */
  readonly rate: Difference;
  /** USD an instance of the routed solver minus that of the model. */
  readonly saving: Difference;
}

export const models = [...new Set(recordedOutcomes.map(({ model }) => model))];

const byInstance = new Map<string, Map<string, RecordedOutcome>>();
for (const line of recordedOutcomes) {
  const known = byInstance.get(line.instance_id) ?? new Map<string, RecordedOutcome>();
  byInstance.set(line.instance_id, known.set(line.model, line));
}
export const instances = [...byInstance.keys()];

/** Looks up what the model that the routing names did on each instance. Nothing is run. */
export function attemptAll(routing: Persona['routing'], ids: readonly string[]): Attempt[] {
  return ids.map((id) => {
    const single = byInstance.get(id) ?? new Map<string, RecordedOutcome>();
    const repo = [...single.values()][0]?.repo ?? '';
    const model = Object.hasOwn(routing.domains, repo) ? routing.domains[repo] : routing.default;
    const routed = single.get(model ?? '');
    if (routed === undefined) throw new Error(`nothing was recorded of ${model} on ${id}`);
    return { routed, single };
  });
}

export function compareWith(model: string, attempts: readonly Attempt[]): Comparison {
  const pairs = attempts.flatMap(({ routed, single }) => {
    const other = single.get(model);
    return other === undefined ? [] : [{ routed, other }];
  });
  const wins = pairs.filter(({ routed, other }) => routed.resolved && !other.resolved).length;
  const losses = pairs.filter(({ routed, other }) => !routed.resolved && other.resolved).length;
  return {
    model,
    resolved: pairs.filter(({ other }) => other.resolved).length,
    cost: mean(pairs.map(({ other }) => other.cost_usd)),
    wins,
    losses,
    rate: pairedDifference({ wins, losses, pairs: pairs.length }),
    saving: meanDifference(pairs.map(({ routed, other }) => routed.cost_usd - other.cost_usd)),
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By the normal approximation. */
function meanDifference(values: readonly number[]): Difference {
  const difference = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - difference) ** 2, 0) / (values.length - 1);
  const half = 1.645 * Math.sqrt(variance / values.length);
  return { difference, lower: difference - half, upper: difference + half };
}
