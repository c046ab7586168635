import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../../src/contracts/clock.ts';
import type { MillwrightError } from '../../../src/contracts/millwright-error.ts';
import type { BatchAdapter, Question } from '../../../src/llm/adapters/adapter.ts';
import { anthropicAdapter } from '../../../src/llm/adapters/anthropic.ts';
import { type FakeAnthropic, startFakeAnthropic } from '../fake-anthropic-server.ts';
import { jsonSchema, question } from './anthropic-desk.ts';

let fake: FakeAnthropic;
let batches: BatchAdapter;

beforeEach(async () => {
  fake = await startFakeAnthropic();
  batches = made(fake.url);
});

afterEach(() => fake.close());

function made(baseUrl: string, apiKey = fake.key): BatchAdapter {
  const adapter = anthropicAdapter({ baseUrl, apiKey, timeLimitMs: 5_000, clock: systemClock });
  if (adapter.batches === undefined) throw new Error('no batches');
  return adapter.batches;
}

function questions(...ids: string[]): Map<string, Question> {
  return new Map(ids.map((id) => [id, question({ messages: [{ role: 'user', content: id }] })]));
}

async function refusal(call: Promise<unknown>): Promise<MillwrightError> {
  return call.then(
    () => Promise.reject(new Error('nothing was refused')),
    (error: MillwrightError) => error,
  );
}

describe('a batch', () => {
  it('is under way, and then gives each question its ending', async () => {
    const id = await batches.submit(questions('good', 'bad', 'busy', 'stopped', 'late'));

    expect(await batches.answers(id)).toBeUndefined();
    fake.finishBatches(
      {
        bad: { ends: 'errored', type: 'invalid_request_error', message: 'too odd' },
        busy: { ends: 'errored', type: 'overloaded_error' },
        stopped: { ends: 'canceled' },
        late: { ends: 'expired' },
      },
      {
        ends: 'succeeded',
        text: 'well',
        usage: { input_tokens: 3, output_tokens: 4, cache_read_input_tokens: 5 },
      },
    );

    const answers = await batches.answers(id);
    expect(Object.fromEntries(answers instanceof Map ? answers : [])).toEqual({
      good: {
        result: 'answered',
        text: 'well',
        toolCalls: [],
        stop: 'end',
        model: 'claude-sonnet-5-5',
        usage: { input: 3, output: 4, cacheRead: 5, cacheWrite5m: 0, cacheWrite1h: 0 },
      },
      bad: {
        result: 'fault',
        fault: 'request',
        message: 'invalid_request_error: too odd',
        spent: 'nothing',
      },
      busy: { result: 'fault', fault: 'overloaded', message: 'overloaded_error: made', spent: 'nothing' },
      stopped: { result: 'canceled' },
      late: { result: 'expired' },
    });
  });

  it('asks what a single question asks, and not for a stream', async () => {
    const answerSchema = jsonSchema(z.strictObject({ cause: z.string().max(9) }));
    const system = [{ text: 'the persona', cached: true }];
    await batches.submit(new Map([['one', question({ system, answerSchema })]]));

    expect(fake.requests[0]?.body).toMatchObject({
      requests: [
        {
          custom_id: 'one',
          params: {
            model: 'claude-sonnet-5-5',
            system: [{ type: 'text', text: 'the persona', cache_control: { type: 'ephemeral' } }],
            output_config: { format: { type: 'json_schema' } },
          },
        },
      ],
    });
    expect(JSON.stringify(fake.requests[0]?.body)).not.toContain('"stream"');
  });

  it('that was canceled ends as such', async () => {
    const id = await batches.submit(questions('a', 'b'));

    await batches.cancel(id);

    expect(await batches.answers(id)).toBeUndefined();
    expect(await batches.answers(id)).toEqual(
      new Map([
        ['a', { result: 'canceled' }],
        ['b', { result: 'canceled' }],
      ]),
    );
    await batches.cancel(id);
  });

  it('that the provider has forgotten is unknown, and canceling it is nothing', async () => {
    const id = await batches.submit(questions('a'));
    fake.forgetBatches();

    expect(await batches.answers(id)).toBe('unknown');
    await batches.cancel(id);
    expect(await batches.answers('../../secret?x=1')).toBe('unknown');
    expect(fake.requests.at(-1)?.path).toContain('%2F');
  });

  it('that is refused says so, and whether it makes sense to come again', async () => {
    const none = await refusal(batches.submit(new Map()));
    expect(none).toMatchObject({
      code: 'llm-batch',
      retry: 'when-input-changes',
      data: { fault: 'request' },
    });

    const wrongKey = `sk-ant-api03-${'wrong-key-'.repeat(4)}AA`;
    const stranger = await refusal(made(fake.url, wrongKey).submit(questions('a')));
    expect(stranger).toMatchObject({ code: 'llm-batch', data: { fault: 'credentials' } });
    expect(JSON.stringify([stranger.message, stranger.data, stranger.hint])).not.toContain('wrong-key');

    const nowhere = await refusal(made(`${fake.url}/nowhere`).submit(questions('a')));
    expect(nowhere).toMatchObject({ code: 'llm-batch', data: { fault: 'request' } });

    const url = fake.url;
    await fake.close();
    const away = await refusal(made(url).answers('msgbatch_001'));
    expect(away).toMatchObject({ code: 'llm-batch', retry: 'back-off', data: { fault: 'connection' } });
  });
});

describe('the answers of a batch', () => {
  it.each([
    ['HTML', '<html></html>', 'text/html'],
    ['another form', '{"id": "msgbatch_001"}', 'application/json'],
    ['half of it', '{"id": "msgbatch_0', 'application/json'],
  ])('are an error, and not under way for ever, when the provider sends %s', async (_, body, type) => {
    await using odd = await startServer((path) => ({ path, body, type }));

    const error = await refusal(made(odd.url).answers('msgbatch_001'));

    expect(error).toMatchObject({ code: 'llm-batch', data: { fault: 'garbage' } });
  });

  it('are read from the server that was asked, whatever address it names, and past lines that are none', async () => {
    const good = { custom_id: 'a', result: { type: 'canceled' } };
    const strange = { custom_id: 'b', result: { type: 'something_new' } };
    const empty = { custom_id: 'c', result: { type: 'succeeded', message: { content: 7 } } };
    const lines = ['', 'no json', '{"custom_id": 7}', good, strange, empty]
      .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
      .join('\r\n');
    const paths: string[] = [];
    await using odd = await startServer((path) =>
      paths.push(path) > 1
        ? { path, body: lines, type: 'application/x-jsonl' }
        : { path, body: ended('https://elsewhere.invalid/steal-the-key'), type: 'application/json' },
    );

    expect(await made(odd.url).answers('../models?x')).toEqual(
      new Map<string, unknown>([
        ['a', { result: 'canceled' }],
        ['b', expect.objectContaining({ fault: 'garbage' })],
        ['c', expect.objectContaining({ fault: 'garbage' })],
      ]),
    );
    const batch = '/v1/messages/batches/..%2Fmodels%3Fx';
    expect(paths).toEqual([batch, `${batch}/results`]);
  });

  it('are unknown when the provider keeps them no longer', async () => {
    await using old = await startServer((path) => ({ path, body: ended(null), type: 'application/json' }));

    expect(await made(old.url).answers('msgbatch_001')).toBe('unknown');
  });

  it('are an error when they are cut: half of them would pass for all', async () => {
    const line = JSON.stringify({ custom_id: 'a', result: { type: 'canceled' } });
    await using cut = await startServer((path) =>
      path.endsWith('/results')
        ? { path, body: `${line}\n`, type: 'application/x-jsonl', cut: true }
        : { path, body: ended('http://127.0.0.1/'), type: 'application/json' },
    );

    const error = await refusal(made(cut.url).answers('msgbatch_001'));

    expect(error).toMatchObject({ code: 'llm-batch', retry: 'back-off' });
  });
});

function ended(results_url: string | null): string {
  return JSON.stringify({ id: 'msgbatch_001', processing_status: 'ended', results_url });
}

interface Page {
  readonly path: string;
  readonly body: string;
  readonly type: string;
  readonly cut?: boolean;
}

async function startServer(page: (path: string) => Page): Promise<AsyncDisposable & { url: string }> {
  const server: Server = createServer((req, res) => {
    const { body, type, cut = false } = page(req.url ?? '');
    res.writeHead(200, { 'content-type': type });
    if (cut) res.write(body, () => setTimeout(() => res.destroy(), 20));
    else res.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
