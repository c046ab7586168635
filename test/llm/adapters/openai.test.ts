import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../../src/contracts/clock.ts';
import type { LlmAdapter } from '../../../src/llm/adapters/adapter.ts';
import { openaiAdapter } from '../../../src/llm/adapters/openai.ts';
import { type FakeOpenai, startFakeOpenai } from '../fake-openai-server.ts';
import { answered, faulty, jsonSchema } from './anthropic-desk.ts';

function made(fake: FakeOpenai, over: Partial<Parameters<typeof openaiAdapter>[0]> = {}): LlmAdapter {
  return openaiAdapter({
    baseUrl: fake.url,
    apiKey: fake.key,
    timeLimitMs: 20_000,
    clock: systemClock,
    ...over,
  });
}

const answerSchema = jsonSchema(z.strictObject({ cause: z.string() }));

describe('a question to a server that speaks as OpenAI does', () => {
  it('is answered with text, model and tokens, those of the cache apart', async () => {
    await using fake = await startFakeOpenai();
    fake.script({
      do: 'text',
      text: 'Hello, wörld!',
      usage: { prompt_tokens: 100, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 64 } },
    });

    const answer = await answered(made(fake), {
      model: 'qwen3',
      system: [{ text: 'persona', cached: true }, { text: '' }, { text: 'task' }],
    });

    expect(answer).toEqual({
      result: 'answered',
      text: 'Hello, wörld!',
      toolCalls: [],
      stop: 'end',
      model: 'qwen3',
      usage: { input: 36, output: 7, cacheRead: 64, cacheWrite5m: 0, cacheWrite1h: 0 },
    });
    expect(fake.requests[0]?.body).toEqual({
      model: 'qwen3',
      messages: [
        { role: 'system', content: 'persona\n\ntask' },
        { role: 'user', content: 'hello' },
      ],
      max_tokens: 1_000,
      stream: false,
    });
  });

  it('needs no key where the server needs none, and no tidy address', async () => {
    await using fake = await startFakeOpenai({ key: null });
    fake.script({ do: 'text', text: 'ok' });
    const adapter = openaiAdapter({
      baseUrl: `${fake.url}//`,
      timeLimitMs: 5_000,
      clock: systemClock,
      name: 'local',
    });

    expect(adapter.provider).toBe('local');
    expect((await answered(adapter)).text).toBe('ok');
  });

  it.each([
    ['stop', 'end'],
    ['length', 'length'],
    ['content_filter', 'refused'],
    ['eos', 'end'],
  ])('that stops with %s has come to the %s', async (finish, stop) => {
    await using fake = await startFakeOpenai();
    fake.script({ do: 'text', text: 'so far', finish });

    expect(await answered(made(fake))).toMatchObject({ text: 'so far', stop });
  });

  it('is refused with the words of the refusal', async () => {
    await using fake = await startFakeOpenai();
    const message = { role: 'assistant', content: null, refusal: 'I will not.' };
    const usage = { prompt_tokens: 1, completion_tokens: 1 };
    fake.script({ do: 'raw', body: { choices: [{ message, finish_reason: 'stop' }], usage } });

    expect(await answered(made(fake))).toMatchObject({
      text: 'I will not.',
      stop: 'refused',
      model: 'claude-sonnet-5-5',
    });
  });
});

describe('a tool', () => {
  const tools = [{ name: 'look', description: 'Looks.', inputSchema: { type: 'object' } }];

  it.each([
    ['text', '{"at": "x"}', { at: 'x' }],
    ['a value', { at: 'x' }, { at: 'x' }],
    ['nothing', '', {}],
  ])('is called with arguments that come as %s', async (_, given, input) => {
    await using fake = await startFakeOpenai();
    fake.script({ do: 'tool', name: 'look', arguments: given, finish: 'stop' });

    expect(await answered(made(fake), { tools })).toMatchObject({
      stop: 'tools',
      toolCalls: [{ id: 'call_1', name: 'look', input }],
    });
    expect(fake.requests[0]?.body.tools).toEqual([
      { type: 'function', function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } } },
    ]);
  });

  it('with arguments that are no JSON is garbage whose price is known, unless the length cut it off', async () => {
    await using fake = await startFakeOpenai();
    fake.script({ do: 'tool', name: 'look', arguments: '{"at' });
    fake.script({ do: 'tool', name: 'look', arguments: '{"at', finish: 'length' });

    expect(await faulty(made(fake), { tools })).toMatchObject({ fault: 'garbage', spent: { output: 4 } });
    expect(await answered(made(fake), { tools })).toMatchObject({ stop: 'length', toolCalls: [] });
  });

  it('is told of as the server wants it', async () => {
    await using fake = await startFakeOpenai();
    fake.script({ do: 'text', text: 'I see.' });
    await answered(made(fake), {
      system: [],
      messages: [
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'look', input: { at: 'x' } }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'and?' },
            { type: 'tool_result', id: 'c1', content: 'nothing' },
          ],
        },
      ],
    });

    expect(fake.requests[0]?.body.messages).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":"x"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'nothing' },
      { role: 'user', content: 'and?' },
    ]);
  });
});

describe('a server of another year', () => {
  it('is asked for the form of an answer by a field, if it takes one', async () => {
    await using fake = await startFakeOpenai();
    fake.script({ do: 'text', text: '{"cause":"x"}' });
    await answered(made(fake), { answerSchema });

    expect(fake.requests[0]?.body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', strict: false, schema: answerSchema },
    });
  });

  it('is asked in its own way once it has refused, and from then on', async () => {
    await using fake = await startFakeOpenai({ refuses: ['response_format', 'max_tokens'] });
    fake.always({ do: 'text', text: '{"cause":"x"}' });
    const adapter = made(fake);

    expect((await answered(adapter, { answerSchema })).text).toBe('{"cause":"x"}');
    expect(fake.requests).toHaveLength(3);
    expect(fake.requests[2]?.body).toMatchObject({ max_completion_tokens: 1_000 });
    expect(fake.requests[2]?.body).not.toHaveProperty('response_format');
    expect(JSON.stringify(fake.requests[2]?.body.messages)).toContain('JSON Schema');

    await answered(adapter, { answerSchema });
    expect(fake.requests).toHaveLength(4);
  });

  it('that refuses everything is not asked for ever', async () => {
    await using fake = await startFakeOpenai({
      refuses: ['response_format', 'max_tokens', 'max_completion_tokens'],
    });

    expect(await faulty(made(fake), { answerSchema })).toMatchObject({ fault: 'request' });
    expect(fake.requests.length).toBeLessThanOrEqual(3);
  });
});

describe('what goes wrong', () => {
  it.each([
    [400, 'request', {}],
    [401, 'credentials', {}],
    [403, 'credentials', {}],
    [404, 'request', {}],
    [301, 'request', { location: 'http://elsewhere.invalid/' }],
    [429, 'rate', { 'retry-after': '2' }],
    [500, 'server', {}],
    [529, 'overloaded', {}],
  ])('as status %i is a fault %s', async (status, fault, headers) => {
    await using fake = await startFakeOpenai();
    fake.script({ do: 'status', status, headers: headers as Record<string, string> });

    const told = await faulty(made(fake));

    expect(told).toMatchObject({ fault, spent: 'nothing', message: `answered ${status}: made ${status}` });
    expect(told.retryAfterMs).toBe(status === 429 ? 2_000 : undefined);
  });

  it('because the account is empty is not asked again', async () => {
    await using fake = await startFakeOpenai();
    const error = { message: 'You exceeded your quota', code: 'insufficient_quota' };
    fake.script({ do: 'status', status: 429, error });

    expect((await faulty(made(fake))).fault).toBe('credentials');
  });

  it.each([
    ['cut-before', 'connection'],
    ['cut-within', 'cut'],
    ['hang', 'time'],
  ] as const)('on the way, by %s, is a fault %s that may have cost anything', async (how, fault) => {
    await using fake = await startFakeOpenai();
    fake.script({ do: how });

    expect(await faulty(made(fake, { timeLimitMs: 300 }))).toMatchObject({ fault, spent: 'worst' });
  });

  it('because somebody stopped it, ends at once', async () => {
    await using fake = await startFakeOpenai();
    fake.script({ do: 'hang' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);

    expect(await faulty(made(fake), { signal: stop.signal })).toMatchObject({
      fault: 'time',
      spent: 'worst',
    });
    expect(await faulty(made(fake), { signal: stop.signal })).toMatchObject({ spent: 'nothing' });
  });

  it('before anything was sent has cost nothing', async () => {
    await using fake = await startFakeOpenai();
    const { url } = fake;
    await fake.close();

    expect(await faulty(made(fake, { baseUrl: url }))).toMatchObject({
      fault: 'connection',
      spent: 'nothing',
    });
  });

  it.each([
    ['no JSON', 'I am no JSON'],
    ['an empty text', ''],
    ['no choice', { choices: [], usage: { prompt_tokens: 1 } }],
    ['no usage', { choices: [{ message: { content: 'hi' } }] }],
    ['a content of another form', { choices: [{ message: { content: { a: 1 } } }], usage: {} }],
  ])('as %s is garbage that may have cost anything', async (_, body) => {
    await using fake = await startFakeOpenai();
    fake.script({ do: 'raw', body });

    expect(await faulty(made(fake))).toMatchObject({ fault: 'garbage', spent: 'worst' });
  });

  it('as 10 MB of text, or as a body without an end, is given up', async () => {
    await using fake = await startFakeOpenai();
    fake.script({ do: 'big', megabytes: 10 });
    expect(await faulty(made(fake))).toMatchObject({ fault: 'garbage', spent: { output: 4 } });

    const endless = createServer((_, res) => {
      res.on('error', () => undefined);
      const more = (): void => {
        while (!res.destroyed && res.write(Buffer.alloc(1_000_000, ' ')));
      };
      res.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    expect(await faulty(made(fake, { baseUrl }))).toMatchObject({ fault: 'garbage', spent: 'worst' });
    endless.closeAllConnections();
    await new Promise((resolve) => endless.close(resolve));
  });

  it.each([
    ['of the usual shape', `sk-proj-${'wrongkeywrong'.repeat(4)}`],
    ['of another shape', 'Pa55/w0rd+with=signs'],
    ['that cannot be sent', 'line one\nline two of it'],
  ])('never tells a key %s', async (_, apiKey) => {
    await using fake = await startFakeOpenai();

    const told = await faulty(made(fake, { apiKey }));

    expect(JSON.stringify(told)).not.toContain(apiKey.slice(4, 12));
  });
});
