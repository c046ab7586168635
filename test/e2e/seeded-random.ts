/** The same seed gives the same numbers in [0, 1): mulberry32, Tommy Ettinger's 32-bit generator. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of this run: from the environment, to repeat one, or fresh. */
export function chooseSeed(variable: string): number {
  const given = Number.parseInt(process.env[variable] ?? '', 10);
  return Number.isNaN(given) ? Math.floor(Math.random() * 2 ** 31) : given;
}
