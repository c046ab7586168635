import { seeded } from '../synthetic-outcomes.ts';

/** The random numbers of one episode: the same seed and name give the same episode, whatever else is played. */
export function seedRandom(seed: number, name: string): () => number {
  let state = seed;
  for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) ^ (state >>> 15);
  return seeded(Math.imul(state, 0x9e3779b1));
}
