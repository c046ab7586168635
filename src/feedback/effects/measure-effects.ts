import type { Settings } from '../../contracts/settings.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { historyOptions } from '../../history/history-options.ts';
import { readLast } from '../../ledger/read-entries.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { type EffectRuns, RECENT_DAYS, readEffectRuns } from '../read-effect-runs.ts';
import { type EffectFigures, effectFigures } from './effect-figures.ts';
import type { EffectScope } from './effect-scope.ts';
import type { EffectStanding, VersionPair } from './effect-standing.ts';
import type { MergedPatch } from './merged-patches.ts';
import type { OpenEffect } from './open-effects.ts';
import { type PlannedEffect, planEffect } from './plan-effect.ts';
import { touchedBy } from './touched-by.ts';

const DAY_MS = 86_400_000;
/** With fewer runs a day two versions side by side would take for ever. */
const LEAST_RUNS_A_DAY = 2;

export interface EffectToMeasure extends OpenEffect {
  /** The last measurement was an alert. */
  readonly alerted: boolean;
}

export interface MeasuredEffect extends EffectToMeasure {
  readonly pair: VersionPair;
  /** The runs that count. */
  readonly scope: EffectScope;
  readonly figures: EffectFigures;
  readonly planned: PlannedEffect;
}

/**
 * What the outcomes of a snapshot say about these patches, and what follows. One whose persona cannot be read now is
 * left out. DuckDB is loaded only where there is a run to count.
 */
export async function measureEffects(
  workspace: Workspace,
  snapshot: Snapshot,
  effects: readonly EffectToMeasure[],
): Promise<MeasuredEffect[]> {
  const newest = await newestOutcome(snapshot);
  const counting = effects.some(({ merged }) => hasRuns(merged, newest));
  const history = counting ? await openRuns(workspace, snapshot) : undefined;
  try {
    const measured: MeasuredEffect[] = [];
    for (const effect of effects) {
      if (effect.standing.result === 'waits') continue;
      const { versions: pair } = effect.standing;
      const scope = scopeOf(effect);
      const runs = await history?.read(effect.merged, pair, scope);
      measured.push(measuredEffect(workspace, { ...effect, scope }, effect.standing, runs ?? noRuns));
    }
    return measured;
  } finally {
    history?.close();
  }
}

/** When the newest outcome was recorded, ISO; undefined without any. */
export async function newestOutcome(snapshot: Snapshot): Promise<string | undefined> {
  const [last] = await readLast(snapshot, 'outcome', 1);
  return last?.recorded_at;
}

/** Whether anything can have been recorded since the merge was: most merges are fresh. */
export function hasRuns({ decision }: MergedPatch, newest: string | undefined): boolean {
  return newest !== undefined && newest >= decision.recorded_at;
}

function scopeOf({ merged, versions }: OpenEffect): EffectScope {
  const before = versions.result === 'known' ? versions.control.persona : undefined;
  return touchedBy(merged.patch, before, versions.treatment?.persona);
}

const noRuns: EffectRuns = { runs: [], past: { runs: 0, accepted: 0 }, recent: 0 };

async function openRuns(workspace: Workspace, snapshot: Snapshot) {
  const { openHistory } = await import('../../history/open-history.ts');
  const history = await openHistory(snapshot, historyOptions(workspace));
  return {
    read: (merged: MergedPatch, pair: VersionPair, scope: EffectScope) =>
      readEffectRuns(history.connection, {
        merged,
        pair,
        scope,
        isSplit: workspace.settings.effects.split,
        now: workspace.clock.now(),
      }),
    close: () => history.close(),
  };
}

function measuredEffect(
  { clock, settings }: Workspace,
  effect: EffectToMeasure & Pick<MeasuredEffect, 'scope'>,
  standing: Exclude<EffectStanding, { result: 'waits' }>,
  runs: EffectRuns,
): MeasuredEffect {
  const { versions: pair } = standing;
  const figures = effectFigures(runs, methodFor(standing, runs, settings.effects), settings.effects);
  const decidedAt = new Date(effect.merged.decision.decided_at);
  const days = (clock.now().getTime() - decidedAt.getTime()) / DAY_MS;
  const planned: PlannedEffect =
    standing.result === 'superseded'
      ? { decision: 'superseded', reason: standing.reason }
      : planEffect(
          { figures, versions: pair, scope: effect.scope, days, alerted: effect.alerted },
          settings.effects,
        );
  return { ...effect, pair, figures, planned };
}

function methodFor(
  { result }: EffectStanding,
  { recent }: EffectRuns,
  { split }: Settings['effects'],
): EffectFigures['method'] {
  const often = recent >= RECENT_DAYS * LEAST_RUNS_A_DAY;
  return result !== 'alert-only' && split && often ? 'concurrent' : 'fixed_history';
}
