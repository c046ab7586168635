import type { Patch } from '../../contracts/patch.ts';

/** The change of the success rate that a patch promised, -1 to 1; null where no figures stood behind it. */
export function predictedDifference({
  predicted_effect: effect,
}: Pick<Patch, 'predicted_effect'>): number | null {
  if (effect.baseline === null || effect.expected === null) return null;
  return Math.round((effect.expected - effect.baseline) * 1e6) / 1e6;
}
