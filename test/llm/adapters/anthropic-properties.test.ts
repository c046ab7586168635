import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anthropicStream } from '../../../src/llm/adapters/anthropic-stream.ts';
import { maskedMessage } from '../../../src/llm/adapters/masked-message.ts';
import { retryAfter } from '../../../src/llm/adapters/retry-after.ts';

const now = new Date('2026-11-01T00:00:00Z');

function waitFor(headers: Readonly<Record<string, string>>): number | undefined {
  return retryAfter((name) => headers[name], now);
}

describe('the wait that a provider asks for', () => {
  it('is read from seconds, milliseconds and dates, and never shortened', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (ms) => {
        const seconds = Math.ceil(ms / 1_000);

        expect(waitFor({ 'retry-after-ms': String(ms), 'retry-after': '1' })).toBe(ms);
        expect(waitFor({ 'retry-after': String(seconds) })).toBe(seconds * 1_000);
        const fraction = waitFor({ 'retry-after': String(ms / 1_000) });
        expect(fraction).toBeGreaterThanOrEqual(ms);
        expect(fraction).toBeLessThanOrEqual(ms + 1);
        const until = new Date(now.getTime() + seconds * 1_000).toUTCString();
        expect(waitFor({ 'retry-after': until })).toBe(seconds * 1_000);
        // Its clock is an hour behind: what counts is the time between its own two dates.
        const date = new Date(now.getTime() - 3_600_000).toUTCString();
        const behind = new Date(now.getTime() - 3_600_000 + seconds * 1_000).toUTCString();
        expect(waitFor({ 'retry-after': behind, date })).toBe(seconds * 1_000);
      }),
    );
  });

  it('is a time that can be waited for, or undefined, whatever is said', () => {
    const odd = fc.constantFrom('-5', '', ' ', '1e400', '9'.repeat(400), 'NaN', 'Infinity', '0x10', '1,5');
    const said = fc.option(fc.oneof(fc.string(), odd), { nil: undefined });
    fc.assert(
      fc.property(said, said, said, (exact, after, date) => {
        const named = { 'retry-after-ms': exact, 'retry-after': after, date };
        const ms = retryAfter((name) => named[name], now);

        if (ms === undefined) return;
        expect(Number.isInteger(ms) && ms >= 0 && ms <= 366 * 24 * 3_600_000).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(waitFor({ 'retry-after': '-5' })).toBeUndefined();
    expect(waitFor({ 'retry-after': '0x10' })).toBeUndefined();
    expect(waitFor({ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' })).toBe(0);
  });
});

describe('what is told of a failure', () => {
  it('never holds the key, wherever it stands and whatever its shape', () => {
    const key = fc
      .string({ minLength: 8, maxLength: 80 })
      .filter((text) => text.trim() === text && !/\s/.test(text));
    fc.assert(
      fc.property(fc.string(), key, fc.string(), fc.integer({ min: 0, max: 9_000 }), (a, secret, b, pad) => {
        const told = maskedMessage(`${a}${'.'.repeat(pad)}${secret}${b}${secret}`, secret);

        expect(told.replaceAll('[the key]', '')).not.toContain(secret);
        expect(told.length).toBeLessThanOrEqual(503);
        expect(told).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 300 },
    );
  });
});

const usage = { input_tokens: 9, output_tokens: 1, cache_read_input_tokens: 2 };

describe('a stream of events', () => {
  it('comes to the same text and tokens however it is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.nat(9_999)), (pieces, outputs) => {
        const reader = anthropicStream();
        const events = [
          { type: 'message_start', message: { model: 'm', usage } },
          { type: 'ping' },
          { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
          ...pieces.map((text) => ({
            type: 'content_block_delta',
            index: 0,
            delta: { type: 'text_delta', text },
          })),
          ...outputs.map((output_tokens) => ({ type: 'message_delta', delta: {}, usage: { output_tokens } })),
          { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
          { type: 'message_stop' },
        ];

        for (const event of events) expect(reader.take(event)).toBeUndefined();
        expect(reader.whole()).toBe(true);
        expect(reader.answer()).toMatchObject({
          text: pieces.join(''),
          usage: { input: 9, cacheRead: 2, output: outputs.at(-1) ?? 1 },
        });
      }),
    );
  });

  it('never throws, and calls nothing an answer that has no beginning', () => {
    const type = fc.constantFrom(
      'content_block_start',
      'content_block_delta',
      'message_delta',
      'message_stop',
    );
    const event = fc.oneof(
      fc.anything(),
      fc.record({ type, index: fc.anything(), delta: fc.anything(), usage: fc.anything() }),
      fc.record({
        type,
        index: fc.nat(3),
        delta: fc.record({ text: fc.string(), stop_reason: fc.string() }),
      }),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const reader = anthropicStream();
        for (const one of events) reader.take(one);

        expect(reader.whole()).toBe(false);
        expect(reader.answer().result).toBe('fault');
      }),
      { numRuns: 150 },
    );
  });
});
