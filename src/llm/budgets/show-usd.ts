/** An amount as people read it: cents, and of smaller ones two digits that say something. */
export function showUsd(usd: number): string {
  return `$${usd >= 0.01 || usd === 0 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}
