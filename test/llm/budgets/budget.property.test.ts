import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../../../src/contracts/clock.ts';
import { Budget } from '../../../src/llm/budgets/budget.ts';
import type { DayLedger } from '../../../src/llm/budgets/day-ledger.ts';
import { nanoUsd } from '../../../src/llm/budgets/nano-usd.ts';
import { PassAccount } from '../../../src/llm/budgets/pass-account.ts';
import { memoryLedger, type Weather } from './memory-ledger.ts';
import { Truth } from './truth.ts';

const seed = Number(process.env.MILLWRIGHT_BUDGET_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** One call as it turns out: what it is promised, what it truly costs, and what is known of that. */
interface Story {
  readonly worst: number;
  /** Of the worst case. */
  readonly share: number;
  readonly persona: 'ada' | 'bob' | undefined;
  readonly ends: 'answered' | 'fault that cost nothing' | 'nobody knows';
  readonly attempts: number;
  /** Turns of the event loop that it takes. */
  readonly takes: number;
  /** Hours that pass before it begins. */
  readonly hours: number;
  readonly isPartial: boolean;
}

interface Process {
  readonly calls: readonly Story[];
  readonly end: 'closes' | 'killed';
  readonly skewDays: number;
}

const story: fc.Arbitrary<Story> = fc.record({
  worst: fc.integer({ min: 0, max: 400_000_000 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  persona: fc.constantFrom('ada', 'bob', undefined),
  ends: fc.constantFrom('answered', 'fault that cost nothing', 'nobody knows'),
  attempts: fc.integer({ min: 1, max: 3 }),
  takes: fc.integer({ min: 0, max: 6 }),
  hours: fc.constantFrom(0, 0, 0, 0, 9, 72, -48, 24 * 90),
  isPartial: fc.boolean(),
});

const world = fc.record({
  inTurn: fc.boolean(),
  passes: fc.array(
    fc.record({
      calls: fc.array(story, { minLength: 1, maxLength: 10 }),
      end: fc.constantFrom('closes', 'closes', 'killed'),
      skewDays: fc.constantFrom(0, 0, 1, -1, 3, 30, 400),
    }) as fc.Arbitrary<Process>,
    { minLength: 1, maxLength: 5 },
  ),
  limits: fc.record({
    pass: fc.integer({ min: 0, max: 1_000_000_000 }),
    day: fc.integer({ min: 0, max: 1_500_000_000 }),
    persona: fc.integer({ min: 0, max: 800_000_000 }),
  }),
  weather: fc.infiniteStream(fc.constantFrom<Weather>('fine', 'fine', 'fine', 'answer-lost', 'not-sent')),
});

/** @param skewDays by how much this machine is wrong */
function clockOf(hours: { now: number }, skewDays: number): Clock {
  return {
    now: () => new Date(Date.UTC(2026, 10, 21) + skewDays * 86_400_000 + hours.now * 3_600_000),
    monotonicMs: () => 0,
    sleep: () => Promise.resolve(),
  };
}

test('No order of calls, retries, faults, lost answers, killed processes and wrong clocks spends above any of the three budgets.', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ passes, limits, weather, inTurn }) => {
      const ledger = memoryLedger(() => weather.next().value ?? 'fine');
      const truth = new Truth(limits);
      const hours = { now: 0 };
      const run = (one: Process, at: number) =>
        runProcess(one, at, ledger, truth, clockOf(hours, one.skewDays), hours);
      if (inTurn) for (const [at, one] of passes.entries()) await run(one, at);
      else await Promise.all(passes.map(run));
      expect(truth.complaints).toEqual([]);
      for (const [day, { spent, holds }] of ledger.days()) {
        const counted = [...holds.values()].reduce((sum, { total }) => sum + total, spent.total);
        expect(counted).toBeLessThanOrEqual(limits.day);
        expect(counted).toBeGreaterThanOrEqual(truth.spentOn(day));
      }
    }),
    { seed, numRuns: 400 },
  );
}, 60_000);

async function runProcess(
  { calls, end }: Process,
  pass: number,
  ledger: DayLedger,
  truth: Truth,
  clock: Clock,
  hours: { now: number },
): Promise<void> {
  const { limits } = truth;
  const budget = new Budget({
    pass: new PassAccount(limits.pass),
    limits,
    ledger,
    holder: `process-${pass}`,
    clock,
  });
  await Promise.all(
    calls.map(async (story) => {
      hours.now += story.hours;
      await turns(story.takes);
      for (let attempt = 0; attempt < story.attempts; attempt += 1)
        await makeCall(budget, story, pass, truth, clock);
    }),
  );
  // Who is killed never says what became of its money.
  if (end === 'closes') await budget.close().catch(() => undefined);
}

async function makeCall(
  budget: Budget,
  { worst, share, persona, ends, takes, isPartial }: Story,
  pass: number,
  truth: Truth,
  clock: Clock,
): Promise<void> {
  const day = clock.now().toISOString().slice(0, 10);
  const atLeast = isPartial ? Math.min(worst, 1_000) : worst;
  const answer = await budget.reserve({ nanos: worst, atLeast, persona }).catch(() => undefined);
  if (answer?.result !== 'reserved') return;
  const cost = ends === 'fault that cost nothing' ? 0 : Math.floor(answer.nanos * share);
  truth.charge(cost, pass, day, persona);
  await turns(takes);
  answer.settle(ends === 'nobody knows' ? undefined : cost);
}

async function turns(n: number): Promise<void> {
  for (let at = 0; at < n; at += 1) await Promise.resolve();
}

test(`The stories are repeated with MILLWRIGHT_BUDGET_SEED=${seed}.`, () => {
  expect(Number.isSafeInteger(seed)).toBe(true);
});

test('Dollars become billionths on the safe side, and come back as they went.', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 14 }), (nanos) => {
      expect(nanoUsd.exact(nanoUsd.toUsd(nanos))).toBe(nanos);
    }),
    { seed },
  );
  expect(nanoUsd.up(0.1 + 0.2)).toBeGreaterThanOrEqual(300_000_000);
  expect(nanoUsd.down(0.29)).toBeLessThanOrEqual(290_000_000);
});

test.each([3, 40, 400])(
  'A machine whose clock is %i days ahead does not let the day be spent twice.',
  async (skewDays) => {
    const ledger = memoryLedger();
    const limits = { day: 1_000, persona: 1_000 };
    const spendAll = async (holder: string, ahead: number) => {
      const pass = new PassAccount(1_000);
      const budget = new Budget({ pass, limits, ledger, holder, clock: clockOf({ now: 0 }, ahead) });
      const answer = await budget.reserve({ nanos: 1_000 });
      await budget.close();
      return answer.result;
    };
    expect(await spendAll('first', 0)).toBe('reserved');
    expect(await spendAll('fast', skewDays)).toBe('reserved');
    expect(await spendAll('second', 0)).toBe('refused');
  },
);
