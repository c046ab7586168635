import type { Clock } from '../../contracts/clock.ts';
import type { OpenBatch } from './find-open-batches.ts';

const DAY_MS = 86_400_000;
/** No provider works longer on a batch. */
const OVER_MS = DAY_MS;
/** Providers keep answers for some weeks. What nobody has asked for by then is not wanted any more. */
const KEPT_MS = 21 * DAY_MS;

/** How a batch stands by its age: perhaps under way; over, and to be fetched; about to be lost. */
export function batchAge({ submittedAt }: OpenBatch, clock: Clock): 'young' | 'over' | 'old' {
  const age = clock.now().getTime() - Date.parse(submittedAt);
  if (age > KEPT_MS) return 'old';
  return age > OVER_MS ? 'over' : 'young';
}
