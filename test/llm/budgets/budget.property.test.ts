import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../../../src/contracts/clock.ts';
import { Budget } from '../../../src/llm/budgets/budget.ts';
import type { DayLedger } from '../../../src/llm/budgets/day-ledger.ts';
import { nanoUsd } from '../../../src/llm/budgets/nano-usd.ts';
import { PassAccount } from '../../../src/llm/budgets/pass-account.ts';
import { memoryLedger, type Weather } from './memory-ledger.ts';

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
}

const story: fc.Arbitrary<Story> = fc.record({
  worst: fc.integer({ min: 0, max: 400_000_000 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  persona: fc.constantFrom('ada', 'bob', undefined),
  ends: fc.constantFrom('answered', 'fault that cost nothing', 'nobody knows'),
  attempts: fc.integer({ min: 1, max: 3 }),
  takes: fc.integer({ min: 0, max: 6 }),
  hours: fc.constantFrom(0, 0, 0, 0, 9),
  isPartial: fc.boolean(),
});

const world = fc.record({
  passes: fc.array(
    fc.record({
      calls: fc.array(story, { minLength: 1, maxLength: 10 }),
      end: fc.constantFrom('closes', 'closes', 'killed'),
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

/** What was truly spent, as the provider knows it; it complains about every cent above a limit. */
class Truth {
  readonly #spent = new Map<string, number>();
  readonly #limits: { readonly pass: number; readonly day: number; readonly persona: number };

  constructor(limits: Truth['limits']) {
    this.#limits = limits;
  }

  get limits() {
    return this.#limits;
  }

  charge(nanos: number, pass: number, day: string, persona: string | undefined): void {
    this.#add(`pass ${pass}`, nanos, this.#limits.pass);
    this.#add(`day ${day}`, nanos, this.#limits.day);
    if (persona !== undefined) this.#add(`persona ${persona} ${day}`, nanos, this.#limits.persona);
  }

  spentOn(day: string): number {
    return this.#spent.get(`day ${day}`) ?? 0;
  }

  #add(key: string, nanos: number, limit: number): void {
    const spent = (this.#spent.get(key) ?? 0) + nanos;
    this.#spent.set(key, spent);
    if (spent > limit) throw new Error(`overspent: ${key} is at ${spent} of ${limit}`);
  }
}

function clockOf(hours: { now: number }): Clock {
  return {
    now: () => new Date(Date.UTC(2026, 10, 21) + hours.now * 3_600_000),
    monotonicMs: () => 0,
    sleep: () => Promise.resolve(),
  };
}

test('No order of calls, retries, faults, lost answers and killed processes spends above any of the three budgets.', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ passes, limits, weather }) => {
      const ledger = memoryLedger(() => weather.next().value ?? 'fine');
      const truth = new Truth(limits);
      const hours = { now: 0 };
      await Promise.all(passes.map((one, at) => runProcess(one, at, ledger, truth, clockOf(hours), hours)));
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
