import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../src/contracts/clock.ts';
import { askTurn } from '../../src/llm/ask-turn.ts';
import { completeAll } from '../../src/llm/batches/complete-all.ts';
import { toQuestion } from '../../src/llm/to-question.ts';
import { freshWorkspace, inWorkspace } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { memoryLedger, type Weather } from './budgets/memory-ledger.ts';
import { Truth } from './budgets/truth.ts';
import { asking } from './llm-place.ts';
import { type SpendingOptions, spendingPort, type Treatment } from './spending-port.ts';

const seed = Number(process.env.MILLWRIGHT_BUDGET_SEED ?? Math.floor(Math.random() * 2 ** 31));

let folder: GitFolder;
beforeAll(async () => {
  folder = await freshWorkspace();
});
afterAll(() => folder[Symbol.asyncDispose]());

const treatment: fc.Arbitrary<Treatment> = fc.record({
  ends: fc.constantFrom(
    'answered',
    'answered',
    'overloaded',
    'cut',
    'garbage',
    'throws',
    'expired',
    'missing',
  ),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

const world = fc.record({
  processes: fc.array(
    fc.record({
      pricing: fc.constantFrom('table', 'call'),
      questions: fc.array(
        fc.record({
          length: fc.integer({ min: 0, max: 4_000 }),
          maxOutputTokens: fc.integer({ min: 1, max: 8_000 }),
          persona: fc.constantFrom('ada', 'bob', undefined),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      skewDays: fc.constantFrom(0, 0, 1, -1, 3, 30, 400),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  limits: fc.record({
    pass: fc.integer({ min: 0, max: 2_000_000_000 }),
    day: fc.integer({ min: 0, max: 3_000_000_000 }),
    persona: fc.integer({ min: 0, max: 1_500_000_000 }),
  }),
  treatments: fc.infiniteStream(treatment),
  leaps: fc.infiniteStream(fc.constantFrom(0, 0, 0, 1, 24, 72, -48, 24 * 90)),
  weather: fc.infiniteStream(fc.constantFrom<Weather>('fine', 'fine', 'fine', 'answer-lost', 'not-sent')),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;
type Process = World['processes'][number];

const start = Date.UTC(2026, 10, 21);

/** A clock that is wrong by days, and leaps whenever somebody waits. */
function leapingClock(skewDays: number, leap: () => number): Clock {
  let ms = start + skewDays * 86_400_000;
  let passed = 0;
  return {
    now: () => new Date(ms),
    monotonicMs: () => passed,
    sleep: async (wait) => {
      ms += leap() * 3_600_000;
      passed += wait;
      await Promise.resolve();
    },
  };
}

const requestsOf = ({ questions }: Process, salt: string) =>
  questions.map(({ length, maxOutputTokens, persona }, at) =>
    asking(`${salt} ${at} ${'x'.repeat(length)}`, {
      maxOutputTokens,
      ...(persona === undefined ? {} : { persona: { id: persona, version: '1.0.0' } }),
    }),
  );

/** Runs all processes of a world side by side; what was overspent. */
async function runWorld(
  { processes, limits, treatments, leaps, weather }: World,
  run: (process: Process, at: number, options: SpendingOptions) => Promise<void>,
): Promise<readonly string[]> {
  const truth = new Truth(limits);
  const ledger = memoryLedger(() => weather.next().value ?? 'fine');
  const treat = () => treatments.next().value ?? ({ ends: 'overloaded', share: 0 } as const);
  await Promise.all(
    processes.map((process, at) => {
      const clock = leapingClock(process.skewDays, () => leaps.next().value ?? 0);
      return run(process, at, { clock, ledger, truth, process: at, pricing: process.pricing, treat });
    }),
  );
  return truth.complaints;
}

test(`No retry, fault or leap of a clock makes a turn spend above a budget (MILLWRIGHT_BUDGET_SEED=${seed}).`, async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(world, async (story) => {
      const complaints = await runWorld(story, async (process, at, options) => {
        const { port, plan } = spendingPort(options);
        for (const request of requestsOf(process, String(at))) {
          const defaults = { model: 'm', maxOutputTokens: 1, signal: port.signal };
          const question = toQuestion(request, defaults);
          const turn = await askTurn(port, plan, question, request.persona?.id).catch(() => undefined);
          if (turn?.answer.result === 'answered') answered += 1;
        }
        await port.budget.close().catch(() => undefined);
        expect(port.context.workspace.warnings).toEqual([]);
      });
      expect(complaints).toEqual([]);
    }),
    { seed, numRuns: 200 },
  );
  expect(answered).toBeGreaterThan(100);
}, 60_000);

const question = (length: number, persona?: string) => ({ length, maxOutputTokens: 5, persona });

function* forever<T>(value: T): Generator<T> {
  for (;;) yield value;
}

/** How many requests were answered, and what was overspent. */
async function throughBatches(story: World, salt: string) {
  let ok = 0;
  const complaints = await runWorld(story, (process, at, options) =>
    inWorkspace(
      folder.dir,
      async (context) => {
        const { port } = spendingPort({ ...options, context, pricing: 'table' });
        const done = await completeAll(port, requestsOf(process, `${salt} ${at}`));
        ok += done.filter(({ result }) => result === 'ok').length;
        await port.budget.close().catch(() => undefined);
      },
      { clock: options.clock },
    ),
  );
  return { ok, complaints };
}

test(`Nor does a batch, whatever becomes of its requests (MILLWRIGHT_BUDGET_SEED=${seed}).`, async () => {
  let salt = 0;
  await fc.assert(
    fc.asyncProperty(world, async (story) => {
      salt += 1;
      expect((await throughBatches(story, `${salt}`)).complaints).toEqual([]);
    }),
    { seed, numRuns: 8 },
  );
  const plain = { pricing: 'table', skewDays: 0, questions: [question(7, 'ada'), question(9)] } as const;
  const limits = { pass: 1e12, day: 1e12, persona: 1e12 };
  const [treatments, leaps, weather] = [
    forever({ ends: 'answered', share: 0.5 }),
    forever(0),
    forever('fine'),
  ];
  const easy = { processes: [plain], limits, treatments, leaps, weather } as unknown as World;
  expect(await throughBatches(easy, 'easy')).toEqual({ ok: 2, complaints: [] });
}, 60_000);
