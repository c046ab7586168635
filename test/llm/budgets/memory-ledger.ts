import { MillwrightError } from '../../../src/contracts/millwright-error.ts';
import { type DayBudget, emptyDay, parseDay, showDay } from '../../../src/llm/budgets/day-budget.ts';
import type { DayLedger } from '../../../src/llm/budgets/day-ledger.ts';
import { daysToDrop } from '../../../src/llm/budgets/days-to-drop.ts';

/** What may go wrong with a write: nothing, the answer gets lost, or it never arrives. */
export type Weather = 'fine' | 'answer-lost' | 'not-sent';

/** The budgets of days for several processes of a test, as the cells keep them: each day a version and its bytes. */
export interface MemoryLedger extends DayLedger {
  days(): Map<string, DayBudget>;
}

/** @param weather asked before every write */
export function memoryLedger(weather: () => Weather = () => 'fine'): MemoryLedger {
  const cells = new Map<string, { version: string; bytes: Buffer }>();
  let commits = 0;
  const budgetOf = (day: string): DayBudget => {
    const cell = cells.get(day);
    const read = cell === undefined ? emptyDay(day) : parseDay(day, cell.bytes);
    if (read === undefined) throw new Error(`no budget: ${cell?.bytes.toString()}`);
    return read;
  };
  return {
    read: async (day) => ({ version: cells.get(day)?.version ?? null, budget: budgetOf(day) }),
    swap: async (expected, next) => {
      // Others get a turn between reading and writing, as they do over a network.
      await Promise.resolve();
      const today = weather();
      if (today === 'not-sent') throw lost();
      if ((cells.get(next.day)?.version ?? null) !== expected) return false;
      commits += 1;
      cells.set(next.day, { version: String(commits), bytes: Buffer.from(showDay(next)) });
      if (today === 'answer-lost') throw lost();
      return true;
    },
    tidy: async (day) => {
      for (const id of daysToDrop([...cells.keys()], day)) cells.delete(id);
    },
    days: () => new Map([...cells.keys()].map((day) => [day, budgetOf(day)])),
  };
}

function lost(): MillwrightError {
  return new MillwrightError('remote-unreachable', 'the connection broke', { retry: 'back-off' });
}
