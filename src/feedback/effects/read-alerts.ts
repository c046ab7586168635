import { type EffectMeasurement, effectMeasurement } from '../../contracts/effect.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { readEntries } from '../../ledger/read-entries.ts';
import type { FeedbackState } from '../feedback-state.ts';

/** Merged patches that look harmful and are not decided yet, by id. */
export async function readAlerts(snapshot: Snapshot, state: FeedbackState): Promise<string[]> {
  const measurements = await readEntries<EffectMeasurement>(snapshot, effectMeasurement.name);
  const newest = new Map(measurements.map(({ patch_id, state: standing }) => [patch_id, standing]));
  return [...newest].flatMap(([id, standing]) =>
    standing === 'alert' && !state.effects.has(id) ? [id] : [],
  );
}
