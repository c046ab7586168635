/**
 * Below 0, 0 or above 0, as `a` is older than, the same as, or newer than `b`.
 * @param a and b: three whole numbers with dots between, of any size
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(BigInt));
  for (const at of [0, 1, 2]) {
    const [x, y] = [left?.[at] ?? 0n, right?.[at] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
