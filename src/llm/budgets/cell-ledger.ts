import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { CellValue } from '../../git/read-cells.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { type DayBudget, emptyDay, parseDay, showDay } from './day-budget.ts';
import type { DayLedger, DayRead } from './day-ledger.ts';
import { daysToDrop } from './days-to-drop.ts';

/** The space of the cells that hold budgets, one a day. */
const BUDGET_SPACE = 'budgets';

/** The budgets of days as cells of the workspace: one for all machines that share its remote. */
export function cellLedger({ cells, settings }: Workspace): DayLedger {
  return {
    read: async (day) => toRead(day, await cells.read(BUDGET_SPACE, day), settings.ref_namespace),
    swap: async (expected, next) => {
      const swap = { space: BUDGET_SPACE, id: next.day, expected, next: toNext(next) };
      const [verdict] = await cells.trySwap([swap], 'claim');
      if (verdict?.result === 'failed') throw verdict.error;
      return verdict?.result === 'swapped';
    },
    tidy: async (day) => {
      const all = await cells.readAll(BUDGET_SPACE);
      const old = new Set(daysToDrop([...all.keys()], day));
      const swaps = [...all]
        .filter(([id]) => old.has(id))
        .map(([id, { commit }]) => ({ space: BUDGET_SPACE, id, expected: commit, next: null }));
      if (swaps.length > 0) await cells.trySwap(swaps, 'heartbeat');
    },
  };
}

function toRead(day: string, value: CellValue | null, namespace: string): DayRead {
  if (value === null) return { version: null, budget: emptyDay(day) };
  const budget = parseDay(day, value.content);
  if (budget === undefined) throw unreadable(`${namespace}/${BUDGET_SPACE}/${day}`);
  return { version: value.commit, budget };
}

function toNext(budget: DayBudget) {
  const { day } = budget;
  return {
    path: `queue/budgets/${day}.json`,
    content: showDay(budget),
    subject: `Count what models cost on ${day}`,
  };
}

function unreadable(ref: string): MillwrightError {
  return new MillwrightError('budget-unreadable', `${ref} holds something that is no budget of that day`, {
    hint: 'no model is asked until the day is over (UTC), because nobody knows what was spent',
    data: { ref },
  });
}
