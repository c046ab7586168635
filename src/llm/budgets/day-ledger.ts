import type { DayBudget } from './day-budget.ts';

/** A budget as it was read, with what its replacement has to name. */
export interface DayRead {
  readonly version: string | null;
  readonly budget: DayBudget;
}

/** Where the budgets of days are kept for all machines. */
export interface DayLedger {
  /** Throws MillwrightError when nobody can say what was spent. */
  read(day: string): Promise<DayRead>;
  /**
   * False when somebody else was first. When it throws, it may have been written all the same: whoever goes on
   * reads again, and everything that is written says how things are, never by how much they change.
   */
  swap(expected: string | null, next: DayBudget): Promise<boolean>;
  /** Drops budgets of days that are over everywhere, as `daysToDrop` says. */
  tidy(day: string): Promise<void>;
}
