import { allOf, type DayBudget, nothing, plus, type Sums } from './day-budget.ts';

/** Billionths of a dollar. */
export interface DayLimits {
  readonly day: number;
  readonly persona: number;
}

/** What a process wants to spend next, and what it has spent or promised already. */
export interface HoldWish {
  readonly holder: string;
  readonly since: string;
  readonly used: Sums;
  readonly wanted: number;
  readonly persona?: string | undefined;
}

export type HoldPlan =
  | { readonly result: 'held'; readonly next: DayBudget; readonly held: Sums }
  | { readonly result: 'refused'; readonly limit: 'day' | 'persona'; readonly left: number };

/**
 * The budget of the day with enough for one more call in the hands of `holder`. It takes a tenth of the limit at
 * once, so that not every call needs a push, and where that does not fit, just what it needs.
 */
export function planHold(budget: DayBudget, wish: HoldWish, limits: DayLimits): HoldPlan {
  const { holder, since, used, wanted, persona } = wish;
  const mine = budget.holds.get(holder) ?? nothing;
  const all = allOf(budget);
  const total = extend(mine.total, used.total + wanted, all.total - mine.total, limits.day);
  if (total === undefined) return refused('day', limits.day - (all.total - mine.total) - used.total);
  const personas = new Map(mine.personas);
  if (persona !== undefined) {
    const held = mine.personas.get(persona) ?? 0;
    const others = (all.personas.get(persona) ?? 0) - held;
    const spent = used.personas.get(persona) ?? 0;
    const share = extend(held, spent + wanted, others, limits.persona);
    if (share === undefined) return refused('persona', limits.persona - others - spent);
    personas.set(persona, share);
  }
  const held = { total, personas };
  const holds = new Map(budget.holds).set(holder, { since, ...held });
  return { result: 'held', held, next: { ...budget, holds } };
}

function extend(held: number, needed: number, others: number, limit: number): number | undefined {
  if (held >= needed) return held;
  const ample = Math.max(needed, held + Math.floor(limit / 10));
  if (others + ample <= limit) return ample;
  return others + needed <= limit ? needed : undefined;
}

function refused(limit: 'day' | 'persona', left: number): HoldPlan {
  return { result: 'refused', limit, left: Math.max(0, left) };
}

/** The budget of the day after `holder` has said what it really spent. */
export function planReturn(budget: DayBudget, holder: string, spent: Sums): DayBudget | undefined {
  if (!budget.holds.has(holder)) return undefined;
  const holds = new Map(budget.holds);
  holds.delete(holder);
  return { ...budget, spent: plus(budget.spent, spent), holds };
}
