/**
 * Full jitter: a random wait between 0 and the exponential bound. Spreads racers best
 * ("Exponential Backoff And Jitter", AWS architecture blog, 2015).
 * @returns milliseconds
 */
export function fullJitter(attempt: number, random: () => number, baseMs = 20, capMs = 2_000): number {
  return random() * Math.min(capMs, baseMs * 2 ** attempt);
}
