import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../../src/contracts/clock.ts';
import type { LlmAdapter } from '../../../src/llm/adapters/adapter.ts';
import { anthropicAdapter } from '../../../src/llm/adapters/anthropic.ts';
import { type FakeAnthropic, startFakeAnthropic } from '../fake-anthropic-server.ts';
import { answered, jsonSchema, question } from './anthropic-desk.ts';

let fake: FakeAnthropic;
let adapter: LlmAdapter;

beforeEach(async () => {
  fake = await startFakeAnthropic();
  adapter = anthropicAdapter({
    baseUrl: fake.url,
    apiKey: fake.key,
    timeLimitMs: 20_000,
    clock: systemClock,
  });
});

afterEach(() => fake.close());

/** The body of the only question. */
function asked(): Record<string, unknown> {
  expect(fake.requests).toHaveLength(1);
  return fake.requests[0]?.body as Record<string, unknown>;
}

describe('a question to Anthropic', () => {
  it('is answered with the text of the stream, the model and the tokens', async () => {
    fake.script({ do: 'text', text: 'Hello, wörld \u{1F600}!', model: 'claude-sonnet-5-5-20261001' });

    expect(await answered(adapter)).toEqual({
      result: 'answered',
      text: 'Hello, wörld \u{1F600}!',
      toolCalls: [],
      stop: 'end',
      model: 'claude-sonnet-5-5-20261001',
      usage: { input: 10, output: 5, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
    });
    expect(asked()).toMatchObject({ model: 'claude-sonnet-5-5', max_tokens: 1_000, stream: true });
    expect(asked()).not.toHaveProperty('thread');
  });

  it('marks what the provider should keep, and no more than the last four places', async () => {
    fake.always({ do: 'text', text: 'ok' });
    const parts = Array.from({ length: 6 }, (_, n) => ({ text: `part ${n}`, cached: true }));

    await answered(adapter, { system: [...parts, { text: '' }, { text: 'and this' }] });

    const marks = (asked().system as { text: string; cache_control?: unknown }[]).map((block) => [
      block.text,
      block.cache_control,
    ]);
    expect(marks).toEqual([
      ['part 0', undefined],
      ['part 1', undefined],
      ...[2, 3, 4, 5].map((n) => [`part ${n}`, { type: 'ephemeral' }]),
      ['and this', undefined],
    ]);
  });

  it.each([
    ['nothing of a cache', {}, {}],
    ['a split by time', { cache_creation_input_tokens: 7, cache_creation: split(3, 4) }, [3, 4]],
    ['no split', { cache_creation_input_tokens: 7, cache_creation: undefined }, [7, 0]],
    ['a split alone', { cache_creation_input_tokens: undefined, cache_creation: split(2, 5) }, [2, 5]],
    ['a split of less than the sum', { cache_creation_input_tokens: 9, cache_creation: split(1, 4) }, [5, 4]],
  ])('counts no token twice when the usage has %s', async (_, usage, written) => {
    const [fiveMinutes = 0, anHour = 0] = Array.isArray(written) ? written : [];
    fake.script({
      do: 'text',
      text: 'ok',
      usage: { input_tokens: 21, output_tokens: 321, cache_read_input_tokens: 1_000, ...usage } as object,
    });

    expect((await answered(adapter)).usage).toEqual({
      input: 21,
      output: 321,
      cacheRead: 1_000,
      cacheWrite5m: fiveMinutes,
      cacheWrite1h: anHour,
    });
  });

  it.each([
    ['end_turn', 'end'],
    ['stop_sequence', 'end'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'refused'],
    ['something_new', 'end'],
  ])('that stops with %s has come to the %s', async (stop, expected) => {
    fake.script({ do: 'text', text: 'so far', stop });

    expect(await answered(adapter)).toMatchObject({ text: 'so far', stop: expected });
  });

  it('arrives whole when it drips', async () => {
    fake.script({ do: 'drip', text: 'a slow answer', everyMs: 5, pieces: 13 });

    expect((await answered(adapter)).text).toBe('a slow answer');
  });

  it('goes to the same address when that ends in a slash', async () => {
    fake.script({ do: 'text', text: 'ok' });
    const slashed = anthropicAdapter({
      baseUrl: `${fake.url}/`,
      apiKey: ` ${fake.key}\n`,
      timeLimitMs: 20_000,
      clock: systemClock,
      name: 'gateway',
    });

    expect(slashed.provider).toBe('gateway');
    expect((await answered(slashed)).text).toBe('ok');
  });
});

describe('a tool', () => {
  const tools = [
    { name: 'look', description: 'Looks.', inputSchema: jsonSchema(z.strictObject({ at: z.string() })) },
  ];

  it('is called with what came in pieces, beside the text', async () => {
    const input = { at: 'a "quoted" place', deep: [1, { two: null }] };
    fake.script({ do: 'tool', text: 'Let me look.', id: 'toolu_7', name: 'look', input, pieces: 9 });

    expect(await answered(adapter, { tools })).toMatchObject({
      text: 'Let me look.',
      toolCalls: [{ id: 'toolu_7', name: 'look', input }],
      stop: 'tools',
    });
    expect(asked().tools).toMatchObject([{ name: 'look', input_schema: { type: 'object' } }]);
  });

  it('is told of as the provider wants it: the result first, and no empty text', async () => {
    fake.script({ do: 'text', text: 'I see.' });
    await answered(adapter, {
      tools,
      messages: [
        { role: 'user', content: 'look' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: '' },
            { type: 'tool_use', id: 'toolu_7', name: 'look', input: { at: 'x' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'and?' },
            { type: 'tool_result', id: 'toolu_7', content: 'nothing there', failed: true },
          ],
        },
      ],
    });

    expect((asked().messages as unknown[]).slice(1)).toEqual([
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'toolu_7', name: 'look', input: { at: 'x' } }],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_7', content: 'nothing there', is_error: true },
          { type: 'text', text: 'and?' },
        ],
      },
    ]);
  });

  it('is not called when the length ended the call in its middle', async () => {
    fake.script({ do: 'tool', name: 'look', input: {}, stop: 'max_tokens', text: 'I will' });

    expect(await answered(adapter, { tools })).toMatchObject({ stop: 'length', text: 'I will' });
  });
});

describe('the form of an answer', () => {
  it('goes along as a schema that the provider takes', async () => {
    const shape = z.strictObject({
      cause: z.string().min(1).max(20),
      ids: z.array(z.string()).max(5),
      score: z.number().min(0).max(1).optional(),
    });
    fake.script({ do: 'json', value: { cause: 'late', ids: ['a'] }, pieces: 7 });

    const { text } = await answered(adapter, { answerSchema: jsonSchema(shape) });

    expect(shape.parse(JSON.parse(text))).toEqual({ cause: 'late', ids: ['a'] });
    expect(asked()).toMatchObject({
      output_config: { format: { type: 'json_schema', schema: { additionalProperties: false } } },
    });
    expect(JSON.stringify(asked().system)).not.toContain('JSON Schema');
  });

  it.each([
    ['names of fields', z.strictObject({ counts: z.record(z.string(), z.number()) })],
    ['a type', z.strictObject({ anything: z.unknown() })],
    ['a list at the top', z.array(z.string())],
  ])('is said in words when the schema leaves open %s', async (_, shape) => {
    fake.script({ do: 'json', value: {} });

    await answered(adapter, { answerSchema: jsonSchema(shape) });

    expect(asked()).not.toHaveProperty('output_config');
    const [, words] = asked().system as { text: string }[];
    expect(words?.text).toContain(JSON.stringify(jsonSchema(shape)));
  });
});

describe('many questions at once', () => {
  it('each get their own answer', async () => {
    for (const n of [1, 2, 3, 4]) fake.script({ do: 'text', text: `answer ${n}` });

    const answers = await Promise.all([1, 2, 3, 4].map(() => adapter.ask(question())));

    const texts = answers.map((answer) => (answer.result === 'answered' ? answer.text : answer.message));
    expect(texts.sort()).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 4']);
  });
});

function split(fiveMinutes: number, anHour: number) {
  return { ephemeral_5m_input_tokens: fiveMinutes, ephemeral_1h_input_tokens: anHour };
}
