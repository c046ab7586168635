import { chooseSeed } from '../e2e/seeded-random.ts';

const VARIABLE = 'MILLWRIGHT_SCENARIO_SEED';

/** The short form tells one story, the same each time as far as timing allows; `npm run scenario` tells new ones. */
export function storySeed(): number {
  const isFull = process.env.MILLWRIGHT_SCENARIO === 'full';
  return isFull || process.env[VARIABLE] !== undefined ? chooseSeed(VARIABLE) : 44;
}
