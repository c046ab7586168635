import type { AutoApply } from '../../contracts/auto-apply.ts';

export interface UseCount {
  readonly last_24_h: number;
  readonly total: number;
}

const DAY_MS = 86_400_000;

/** How often patches were merged without a person. One dated in the future counts as of now. Pure. */
export function countUses(uses: readonly Pick<AutoApply, 'applied_at'>[], now: Date): UseCount {
  const since = now.getTime() - DAY_MS;
  const recent = uses.filter(({ applied_at: at }) => new Date(at).getTime() > since);
  return { last_24_h: recent.length, total: uses.length };
}
