/** |found - exact| / |exact|; 0 when both are 0. */
export function relativeError(found: number, exact: number): number {
  return found === exact ? 0 : Math.abs(found - exact) / Math.abs(exact);
}
