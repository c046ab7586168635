import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/contracts/clock.ts';
import type { LlmAdapter } from '../../../src/llm/adapters/adapter.ts';
import { anthropicAdapter } from '../../../src/llm/adapters/anthropic.ts';
import { anthropicFault } from '../../../src/llm/adapters/anthropic-fault.ts';
import { timeBox } from '../../../src/llm/adapters/time-box.ts';
import { retryAnswers } from '../../../src/llm/retry.ts';
import { type FakeAnthropic, startFakeAnthropic } from '../fake-anthropic-server.ts';
import { answered, faulty, hastyClock, question } from './anthropic-desk.ts';

let fake: FakeAnthropic;
let adapter: LlmAdapter;

beforeEach(async () => {
  fake = await startFakeAnthropic();
  adapter = made({});
});

afterEach(() => fake.close());

function made(over: Partial<Parameters<typeof anthropicAdapter>[0]>): LlmAdapter {
  return anthropicAdapter({
    baseUrl: fake.url,
    apiKey: fake.key,
    timeLimitMs: 20_000,
    clock: systemClock,
    ...over,
  });
}

describe('an error answer', () => {
  it.each([
    [400, 'request', 'nothing'],
    [401, 'credentials', 'nothing'],
    [402, 'credentials', 'nothing'],
    [403, 'credentials', 'nothing'],
    [404, 'request', 'nothing'],
    [408, 'server', 'worst'],
    [409, 'server', 'nothing'],
    [413, 'request', 'nothing'],
    [422, 'request', 'nothing'],
    [429, 'rate', 'nothing'],
    [500, 'server', 'nothing'],
    [502, 'server', 'worst'],
    [503, 'server', 'nothing'],
    [504, 'server', 'worst'],
    [529, 'overloaded', 'nothing'],
  ])('%i is a fault %s that cost %s, and is asked once', async (status, fault, spent) => {
    fake.script({ do: 'status', status, message: 'because' });

    expect(await faulty(adapter)).toMatchObject({
      fault,
      spent,
      message: expect.stringContaining(`${status}: because`),
    });
    expect(fake.requests).toHaveLength(1);
  });

  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after-ms': '1234', 'retry-after': '9' }, 1_234],
    [{ 'retry-after': 'Sun, 01 Nov 2026 00:01:00 GMT', date: 'Sun, 01 Nov 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('with %j asks for a wait of %s ms', async (headers, ms) => {
    fake.script({ do: 'status', status: 429, headers });

    expect((await faulty(adapter)).retryAfterMs).toBe(ms);
  });

  it('of a gateway, in HTML and very long, is told in one short line', async () => {
    fake.script({ do: 'status', status: 503, body: `<html>\n${'<p>down</p>\n'.repeat(100_000)}` });

    const { fault, message } = await faulty(adapter);

    expect(fault).toBe('server');
    expect(message.length).toBeLessThan(600);
    expect(message).not.toContain('\n');
  });
});

describe('the key', () => {
  it.each([
    ['as the provider has them', undefined],
    ['of another shape', 'Pa55/w0rd+with=signs'],
  ])('is in no fault and nothing is printed, with keys %s', async (_, key) => {
    const printed = (['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    );
    await using other = await startFakeAnthropic();
    const wrong = key ?? `sk-ant-api03-${'wrong-key-'.repeat(4)}AA`;
    const asking = made({ baseUrl: other.url, apiKey: wrong });

    const told = await faulty(asking);
    const unsendable = await faulty(made({ apiKey: `${wrong}\nand more` }));

    // The server quotes the key that it refuses.
    expect(told).toMatchObject({ fault: 'credentials' });
    expect(told.message).toContain('invalid bearer token');
    expect(JSON.stringify([told, unsendable])).not.toContain(wrong.slice(0, 12));
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('is in no fault of an address that holds a password', async () => {
    const told = await faulty(made({ baseUrl: 'http://me:hunter2@127.0.0.1:9' }));

    expect(told.fault).toBe('connection');
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });
});

describe('a connection', () => {
  it('that is refused has cost nothing', async () => {
    const port = await freePort();

    expect(await faulty(made({ baseUrl: `http://127.0.0.1:${port}` }))).toMatchObject({
      fault: 'connection',
      spent: 'nothing',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('to a host that does not exist has cost nothing', async () => {
    expect(await faulty(made({ baseUrl: 'http://no-such-host.invalid' }))).toMatchObject({
      fault: 'connection',
      spent: 'nothing',
    });
  });

  it('that does not come about in time has cost nothing, though the library says no more than that', () => {
    const failure = Object.assign(new Error('Connect Timeout Error'), { code: 'UND_ERR_CONNECT_TIMEOUT' });
    const told = anthropicFault(new Error('Request timed out.'), {
      box: timeBox(hastyClock(), 1_000),
      watched: {
        fetch,
        failure: () => new TypeError('fetch failed', { cause: failure }),
        tooLong: () => false,
      },
      limitMs: 1_000,
      now: new Date(0),
      begun: false,
      tell: (message) => message,
    });

    expect(told).toMatchObject({ fault: 'connection', spent: 'nothing' });
  });

  it('that is reset once the question is there may have cost anything', async () => {
    fake.script({ do: 'cut-before' });

    expect(await faulty(adapter)).toMatchObject({ fault: 'connection', spent: 'worst' });
  });

  it('that is cut before the first event may have cost anything', async () => {
    fake.script({ do: 'cut-within', after: 0 });

    expect(await faulty(adapter)).toMatchObject({ fault: 'connection', spent: 'worst' });
  });

  it('that is cut within the answer is a cut, and asked again it ends well', async () => {
    fake.script({ do: 'cut-within', text: 'half an answer' }, { do: 'cut-within', text: 'half', after: 5 });
    fake.script({ do: 'text', text: 'whole' });
    const faults: unknown[] = [];
    const clock = hastyClock();

    const { answer, attempts } = await retryAnswers(
      async () => {
        const given = await adapter.ask(question());
        if (given.result === 'fault') faults.push([given.fault, given.spent]);
        return given;
      },
      { attempts: 5, clock, random: Math.random, signal: new AbortController().signal },
    );

    expect(answer).toMatchObject({ result: 'answered', text: 'whole' });
    expect(attempts).toBe(3);
    expect(faults).toEqual([
      ['cut', 'worst'],
      ['cut', 'worst'],
    ]);
  });

  it('that is cut after everything was said is an answer', async () => {
    // Start, ping, block, three pieces, end of the block, two deltas: all but the last event.
    fake.script({ do: 'cut-within', text: 'said it all', after: 9 });

    expect(await answered(adapter)).toMatchObject({ text: 'said it all', usage: { output: 5 } });
  });
});

describe('an error within the stream', () => {
  it.each([
    ['overloaded_error', 0, 'overloaded', 'nothing'],
    ['overloaded_error', 4, 'overloaded', 'worst'],
    ['rate_limit_error', 0, 'rate', 'nothing'],
    ['api_error', 4, 'server', 'worst'],
    ['timeout_error', 0, 'server', 'worst'],
    ['invalid_request_error', 0, 'request', 'nothing'],
    ['something_new', 2, 'server', 'worst'],
  ])('%s after %i events is a fault %s that cost %s', async (type, after, fault, spent) => {
    fake.script({ do: 'error-event', type, after, message: 'because', text: 'half' });

    expect(await faulty(adapter)).toMatchObject({ fault, spent, message: `${type}: because` });
  });
});

describe('an answer that is none', () => {
  it.each([
    ['no protocol', '<html>hello</html>'],
    ['bytes', new Uint8Array([0, 255, 254, 10, 10, 13, 7, 200])],
    ['an event of no JSON', 'event: message_start\ndata: {"type": "message_st\n\n'],
    ['an event of another form', 'event: message_start\ndata: {"type": "message_start", "message": 7}\n\n'],
    ['an event that is no object', 'event: message_start\ndata: 12\n\nevent: message_stop\ndata: null\n\n'],
    ['nothing', ''],
  ])('because it is %s is garbage, or cut, and may have cost anything', async (_, body) => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    fake.script({ do: 'garbage', body });

    const told = await faulty(adapter);
    expect(printed).not.toHaveBeenCalled();
    vi.restoreAllMocks();

    expect(['garbage', 'cut']).toContain(told.fault);
    expect(told.spent).toBe('worst');
  });

  it('because it has 10 MB of text is given up at 4 MB', async () => {
    fake.script({ do: 'big', megabytes: 10 });
    const before = process.memoryUsage().arrayBuffers;

    expect(await faulty(adapter)).toMatchObject({ fault: 'garbage', spent: 'worst' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
  });

  it('because it is one line without an end is given up', async () => {
    const endless = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: ');
      const more = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(1_000_000, 'x')));
      };
      socket.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const address = endless.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    expect(await faulty(made({ baseUrl: `http://127.0.0.1:${port}` }))).toMatchObject({
      fault: 'garbage',
      spent: 'worst',
    });
    await new Promise((resolve) => endless.close(resolve));
  });
});

describe('time', () => {
  it.each(['hang', 'hang-within'] as const)('ends a call that does %s', async (how) => {
    fake.script({ do: how, text: 'never the end' });
    const told = await faulty(made({ timeLimitMs: 80 }));

    expect(told).toMatchObject({ fault: 'time', spent: 'worst', message: 'no answer within 0.08 s' });
  });

  it.each(['hang', 'hang-within'] as const)(
    'need not be over when somebody stops what does %s',
    async (how) => {
      fake.script({ do: how, text: 'never the end' });
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 50);

      expect(await faulty(adapter, { signal: stop.signal })).toMatchObject({ fault: 'time', spent: 'worst' });
    },
  );

  it('is not even begun when it is stopped before', async () => {
    expect(await faulty(adapter, { signal: AbortSignal.abort() })).toMatchObject({
      fault: 'time',
      spent: 'nothing',
    });
    expect(fake.requests).toEqual([]);
  });
});

describe('whatever goes wrong', () => {
  it('leaves no rejection behind, and no listener', async () => {
    const rejected: unknown[] = [];
    const note = (reason: unknown) => rejected.push(reason);
    process.on('unhandledRejection', note);
    const stop = new AbortController();
    fake.script({ do: 'cut-before' }, { do: 'cut-within', text: 'x' }, { do: 'status', status: 529 });
    fake.script({ do: 'garbage' }, { do: 'big', megabytes: 10 }, { do: 'hang-within', text: 'x' });
    const hasty = made({ timeLimitMs: 400 });

    for (let n = 0; n < 6; n += 1) await faulty(hasty, { signal: stop.signal });
    stop.abort();
    await new Promise((resolve) => setTimeout(resolve, 50));

    process.off('unhandledRejection', note);
    expect(rejected).toEqual([]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
