import type { EffectMeasurement } from '../../contracts/effect.ts';
import type { Settings } from '../../contracts/settings.ts';
import type { EffectRun, EffectRuns } from '../read-effect-runs.ts';
import { addBlock, newEffectProcess } from '../statistics/effect-process.ts';
import { addRun, newHistoryProcess } from '../statistics/history-process.ts';
import { newcombeInterval } from './newcombe-interval.ts';
import { pairRuns } from './pair-runs.ts';

/** The runs of one version that count, oldest first. */
export interface ArmRuns {
  readonly runs: number;
  readonly accepted: number;
  /** Their outcomes. */
  readonly ids: readonly string[];
}

/** What the runs of both versions come to. */
export interface EffectFigures {
  readonly method: EffectMeasurement['method'];
  readonly control: ArmRuns;
  readonly treatment: ArmRuns;
  /** Pairs that the test has looked at: it stops at the one that decides. */
  readonly blocks: number;
  /** Success of the treatment less that of the control, with its 90 % interval; null without runs of both. */
  readonly difference: { readonly difference: number; readonly low: number; readonly high: number } | null;
  /** E-values after the last of the blocks. */
  readonly harm: number;
  readonly benefit: number;
  /** The most that `harm` ever was. */
  readonly highestHarm: number;
}

/**
 * Holds the two versions against each other, pair by pair in the order in which the runs were recorded. The first
 * pair that decides is the last one that is looked at. What comes after the most runs of the settings does not count,
 * however much of it arrives at once. Pure.
 */
export function effectFigures(
  { runs, past }: EffectRuns,
  method: EffectFigures['method'],
  settings: Settings['effects'],
): EffectFigures {
  const counted = runs.slice(0, settings.max_runs);
  const control = counted.filter(({ treatment }) => !treatment);
  const treatment = counted.filter((run) => run.treatment);
  const seen =
    method === 'concurrent' ? besideEachOther(counted, past, settings) : againstHistory(treatment, past);
  const [before, after] = [armOf(control), armOf(treatment)];
  return {
    method,
    control: before,
    treatment: after,
    difference: newcombeInterval(before, after),
    ...seen,
  };
}

function armOf(runs: readonly EffectRun[]): ArmRuns {
  return {
    runs: runs.length,
    accepted: runs.filter(({ accepted }) => accepted).length,
    ids: runs.map(({ id }) => id),
  };
}

type Seen = Pick<EffectFigures, 'blocks' | 'harm' | 'benefit' | 'highestHarm'>;

function besideEachOther(
  runs: readonly EffectRun[],
  past: EffectRuns['past'],
  settings: Settings['effects'],
): Seen {
  let process = newEffectProcess(past);
  let highestHarm = process.harm;
  for (const pair of pairRuns(runs)) {
    process = addBlock(process, pair);
    highestHarm = Math.max(highestHarm, process.harm);
    if (process.harm >= settings.roll_back_at || process.benefit >= settings.promote_at) break;
  }
  const { blocks, harm, benefit } = process;
  return { blocks, harm, benefit, highestHarm };
}

function againstHistory(treatment: readonly EffectRun[], past: EffectRuns['past']): Seen {
  let process = newHistoryProcess(past);
  let highestHarm = process.harm;
  for (const { accepted } of treatment) {
    process = addRun(process, accepted);
    highestHarm = Math.max(highestHarm, process.harm);
  }
  return { blocks: 0, harm: process.harm, benefit: 1, highestHarm };
}
