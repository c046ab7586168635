import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/contracts/clock.ts';
import type { Answer } from '../../src/llm/adapters/adapter.ts';
import { retryAnswers } from '../../src/llm/retry.ts';

const start = Date.parse('2026-11-01T00:00:00Z');

const answered: Answer = {
  result: 'answered',
  text: 'yes',
  toolCalls: [],
  stop: 'end',
  model: 'm',
  usage: { input: 1, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
};

type Fault = Extract<Answer, { result: 'fault' }>;

function fault(kind: Fault['fault'], retryAfterMs?: number): Fault {
  const base = { result: 'fault', fault: kind, message: `made ${kind}`, spent: 'nothing' } as const;
  return retryAfterMs === undefined ? base : { ...base, retryAfterMs };
}

/** Time that passes only while somebody sleeps, and a script of answers. */
function scene(answers: readonly Answer[], random = 0.5) {
  let ms = 0;
  const waits: number[] = [];
  const asked: number[] = [];
  const clock: Clock = {
    now: () => new Date(start + ms),
    monotonicMs: () => ms,
    sleep: async (wait, signal) => {
      waits.push(wait);
      if (signal?.aborted !== true) ms += wait;
    },
  };
  const stop = new AbortController();
  const run = (attempts = 5) =>
    retryAnswers(
      async (n) => {
        asked.push(n);
        return answers[n - 1] ?? answered;
      },
      { attempts, clock, random: () => random, signal: stop.signal },
    );
  return { run, waits, asked, stop, clock };
}

describe('asking again', () => {
  it.each(['rate', 'overloaded', 'server', 'connection', 'cut', 'time'] as const)(
    'follows a fault %s, and ends with the answer',
    async (kind) => {
      const { run, asked } = scene([fault(kind), fault(kind)]);

      expect(await run()).toEqual({ answer: answered, attempts: 3 });
      expect(asked).toEqual([1, 2, 3]);
    },
  );

  it.each(['credentials', 'request', 'garbage'] as const)('does not follow a fault %s', async (kind) => {
    const { run, waits } = scene([fault(kind)]);

    expect(await run()).toEqual({ answer: fault(kind), attempts: 1 });
    expect(waits).toEqual([]);
  });

  it('ends after as many attempts as were asked for, with the last fault', async () => {
    const { run, waits } = scene([fault('server'), fault('rate'), fault('cut'), fault('server')]);

    expect(await run(3)).toEqual({ answer: fault('cut'), attempts: 3 });
    expect(waits).toHaveLength(2);
  });

  it('waits twice as long each time, up to a minute', async () => {
    const { run, waits } = scene(
      Array.from({ length: 9 }, () => fault('server')),
      1,
    );

    await run(10);

    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('waits any part of that, so that many who were refused together do not come back together', async () => {
    const { run, waits } = scene([fault('server'), fault('server')], 0.25);

    await run();

    expect(waits).toEqual([250, 500]);
  });

  it('is never sooner than the provider wants', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 15 * 60_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (retryAfterMs, random) => {
          const { run, waits } = scene([fault('rate', retryAfterMs)], random);

          expect((await run()).attempts).toBe(2);
          expect(waits[0]).toBeGreaterThanOrEqual(retryAfterMs);
          expect(waits[0]).toBeLessThanOrEqual(retryAfterMs + 1_000);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is given up when the provider wants more than 15 minutes, and it is said until when', async () => {
    const { run, waits } = scene([fault('rate', 3_600_000)]);

    const { answer, attempts } = await run();

    expect(attempts).toBe(1);
    expect(waits).toEqual([]);
    expect(answer).toMatchObject({
      fault: 'rate',
      message: 'made rate; it wants to be left alone until 2026-11-01T01:00:00.000Z',
    });
  });

  it('does not begin when it is stopped already', async () => {
    const { run, asked, stop } = scene([]);
    stop.abort();

    expect(await run()).toMatchObject({ answer: { fault: 'time', spent: 'nothing' }, attempts: 0 });
    expect(asked).toEqual([]);
  });

  it('ends at once when it is stopped while it waits or asks', async () => {
    const stop = new AbortController();
    const { clock } = scene([]);
    const asked: number[] = [];

    const { answer, attempts } = await retryAnswers(
      async (n) => {
        asked.push(n);
        stop.abort();
        return fault('server');
      },
      { attempts: 5, clock, random: Math.random, signal: stop.signal },
    );

    expect({ answer, attempts, asked }).toEqual({ answer: fault('server'), attempts: 1, asked: [1] });

    const later = new AbortController();
    const sleepy: Clock = { ...clock, sleep: async () => later.abort() };
    const outcome = await retryAnswers(async () => fault('cut'), {
      attempts: 5,
      clock: sleepy,
      random: Math.random,
      signal: later.signal,
    });
    expect(outcome).toEqual({ answer: fault('cut'), attempts: 1 });
  });
});
