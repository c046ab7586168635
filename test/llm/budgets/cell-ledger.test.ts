import { expect, test } from 'vitest';
import { systemClock } from '../../../src/contracts/clock.ts';
import type { Workspace } from '../../../src/ledger/workspace.ts';
import { Budget } from '../../../src/llm/budgets/budget.ts';
import { cellLedger } from '../../../src/llm/budgets/cell-ledger.ts';
import { emptyDay, showDay } from '../../../src/llm/budgets/day-budget.ts';
import { PassAccount } from '../../../src/llm/budgets/pass-account.ts';
import { readBudgets } from '../../../src/llm/budgets/read-budgets.ts';
import { freshWorkspace, inWorkspace } from '../../e2e/prepared-workspace.ts';
import { cloneFrom } from '../../queue/queue-place.ts';
import { bareRemote } from '../../support/git-folder.ts';

const DAY = 1_000_000_000;
const PERSONA = 600_000_000;

function openBudget(workspace: Workspace, holder: string): Budget {
  return new Budget({
    pass: new PassAccount(DAY),
    limits: { day: DAY, persona: PERSONA },
    ledger: cellLedger(workspace),
    holder,
    clock: systemClock,
  });
}

/** Spends until a budget says no, or `most` is reached; what it truly spent. */
async function spend(budget: Budget, nanos: number, persona?: string, most = DAY): Promise<number> {
  for (let spent = 0; ; spent += nanos) {
    if (spent >= most) return spent;
    const answer = await budget.reserve({ nanos, persona });
    if (answer.result === 'refused') return spent;
    answer.settle(nanos);
  }
}

test('Machines that share a remote spend no more than the day allows together, also when one is killed.', async () => {
  await using truth = await bareRemote();
  await using first = await freshWorkspace();
  await first.git('remote', 'add', 'origin', truth.dir);
  await first.git('push', '-q', 'origin', 'main');
  await using second = await cloneFrom({
    folder: first,
    truth,
    [Symbol.asyncDispose]: async () => undefined,
  });
  const spent = await Promise.all(
    [first, first, second].map((folder, at) =>
      inWorkspace(folder.dir, async ({ workspace }) => {
        const budget = openBudget(workspace, `process-${at}`);
        // Whoever is first could take it all: the one without a persona leaves something for the others.
        const own =
          at === 0
            ? await spend(budget, 70_000_000, undefined, 280_000_000)
            : await spend(budget, 70_000_000, 'ada');
        // The last one is killed: it gives nothing back.
        if (at < 2) await budget.close();
        return own;
      }),
    ),
  );
  const [, ada = 0, more = 0] = spent;
  const total = spent.reduce((sum, one) => sum + one, 0);
  expect(total).toBeLessThanOrEqual(DAY);
  expect(total).toBeGreaterThan(DAY / 2);
  expect(ada + more).toBeLessThanOrEqual(PERSONA);
  await inWorkspace(first.dir, async ({ workspace }) => {
    const today = await readBudgets(workspace);
    expect(today.per_day.used_usd * 1e9).toBeGreaterThanOrEqual(total - 1);
    expect(today.per_day.used_usd * 1e9).toBeLessThanOrEqual(DAY);
    expect(today.per_persona.personas).toHaveProperty('ada');
  });
});

test('The budgets of days long over are dropped; 35 days stay, for machines whose clocks are wrong.', async () => {
  await using folder = await freshWorkspace();
  await inWorkspace(folder.dir, async ({ workspace }) => {
    const today = systemClock.now();
    const days = Array.from({ length: 38 }, (_, ago) =>
      new Date(today.getTime() - ago * 86_400_000).toISOString().slice(0, 10),
    );
    const swaps = days.map((id) => {
      const path = `queue/budgets/${id}.json`;
      const next = { path, content: showDay(emptyDay(id)), subject: 'Count' };
      return { space: 'budgets', id, expected: null, next };
    });
    await workspace.cells.trySwap(swaps, 'claim');
    const budget = openBudget(workspace, 'one');
    expect(await budget.reserve({ nanos: 1 })).toMatchObject({ result: 'reserved' });
    await budget.close();
    const left = await workspace.cells.readAll('budgets');
    expect(new Set(left.keys())).toEqual(new Set(days.slice(0, 36)));
  });
});

test('Where the budget of the day cannot be read, nothing is spent.', async () => {
  await using folder = await freshWorkspace();
  await inWorkspace(folder.dir, async ({ workspace }) => {
    const day = systemClock.now().toISOString().slice(0, 10);
    const next = { path: `queue/budgets/${day}.json`, content: '{"day": "', subject: 'Break it' };
    await workspace.cells.swap([{ space: 'budgets', id: day, expected: null, next }], 'claim');
    const budget = openBudget(workspace, 'one');
    await expect(budget.reserve({ nanos: 1 })).rejects.toMatchObject({ code: 'budget-unreadable' });
    await budget.close().catch(() => undefined);
  });
});
