import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommandDefinition, Io } from '../../src/cli/command.ts';
import { llm } from '../../src/cli/llm.ts';
import { freshWorkspace } from '../e2e/prepared-workspace.ts';
import { type FakeAnthropic, startFakeAnthropic } from '../llm/fake-anthropic-server.ts';
import { takeIn } from '../llm/llm-place.ts';
import type { GitFolder } from '../support/git-folder.ts';

let fake: FakeAnthropic;
let folder: GitFolder;
beforeAll(async () => {
  fake = await startFakeAnthropic();
  folder = await freshWorkspace();
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await fake.close();
});

const set = (text: string) => folder.write('millwright.yaml', text);
const configured = () => `
llm:
  tiers: { brain: anthropic/claude-sonnet-5-5, local: replies/echo }
  providers:
    anthropic: { type: anthropic, base_url: '${fake.url}' }
    replies: { type: recorded, file: replies.jsonl }
`;

/** Calls a subcommand as the command line does. */
async function call(
  name: string,
  options: Readonly<Record<string, unknown>> = {},
  { json = false, env = {} as Record<string, string> } = {},
) {
  const said = { out: '', err: '' };
  const never = new AbortController().signal;
  const io: Io = {
    ...{ cwd: folder.dir, env, json, color: false, terminal: false, width: undefined },
    ...{ signal: never, insist: never },
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    pipe: async (piece) => {
      said.out += Buffer.from(piece).toString('utf8');
    },
  };
  const command = llm.subcommands?.find((one: CommandDefinition) => one.name === name);
  const code = await command?.run?.({ args: [], options, folder: folder.dir }, io);
  return { code, ...said };
}

describe('llm test', () => {
  test('without any tier says what to write, and fails.', async () => {
    await set('');
    const { code, out } = await call('test');
    expect(code).toBe(1);
    expect(out).toContain('brain  not set');
    expect(out).toContain('hint: write into millwright.yaml, for example: llm: {tiers: {brain:');
  });

  test('without a key asks nobody that needs one, and ends with 12.', async () => {
    await set(configured());
    await folder.write('replies.jsonl', '{"reply": "ready"}\n');
    const { code, out } = await call('test');
    expect(code).toBe(12);
    expect(out).toMatch(
      /brain {2}anthropic\/claude-sonnet-5-5, key: missing\n +not ready: .*ANTHROPIC_API_KEY is not set/,
    );
    expect(out).toMatch(/local {2}replies\/echo, key: none needed\n +ok in \d+ ms/);
  });

  describe('with a key', () => {
    beforeEach(() => set(configured()));
    const env = () => ({ ANTHROPIC_API_KEY: fake.key });

    test('asks each tier, and shows time, tokens, cost, price and budgets.', async () => {
      fake.script({ do: 'text', text: 'ready', usage: { input_tokens: 20, output_tokens: 4 } });
      const { code, out } = await call('test', {}, { env: env() });
      expect(code).toBe(0);
      expect(out).toContain('key: set, $2.00 in and $10.00 out per million tokens');
      expect(out).toMatch(/ok in \d+ ms, 20 tokens in, 4 out, cost \$0\.00008/);
      expect(out).toContain(
        'budgets  $5.00 a pass; $20.00 of $20.00 left today (UTC); $10.00 a persona and day',
      );
      expect(fake.requests.at(-1)?.body).toMatchObject({ max_tokens: 16 });
    });

    test('says the same in JSON, for one tier; a refused key ends with 12, a broken provider with 1.', async () => {
      fake.script({ do: 'text', text: 'ready' });
      const one = await call('test', { tier: 'brain' }, { env: env(), json: true });
      expect(one.code).toBe(0);
      expect(JSON.parse(one.out)).toMatchObject({
        tiers: [{ tier: 'brain', result: 'ok', credentials: false, price: { input: 2, output: 10 } }],
        budgets: { per_day: { limit_usd: 20 } },
      });
      expect((await call('test', { tier: 'brain' }, { env: { ANTHROPIC_API_KEY: 'wrong' } })).code).toBe(12);
      fake.script({ do: 'status', status: 400, message: 'no such model' });
      const broken = await call('test', { tier: 'brain' }, { env: env() });
      expect(broken).toMatchObject({ code: 1, out: expect.stringContaining('no such model') });
    });

    test('with --no-call asks nobody.', async () => {
      const before = fake.requests.length;
      const { code, out } = await call('test', { call: false }, { env: env() });
      expect(code).toBe(0);
      expect(out).toMatch(/\n +ready\n/);
      expect(fake.requests).toHaveLength(before);
    });
  });

  test('shows that a command cost more than it may.', async () => {
    await folder.write('dear.mjs', `console.log(JSON.stringify({ result: 'ready', total_cost_usd: 50 }))`);
    const fields = '{ text: result, cost_usd: total_cost_usd }';
    const provider = `{ type: command, command: ['${process.execPath}', '${folder.dir}/dear.mjs'], format: json, fields: ${fields} }`;
    await set(`llm: { tiers: { brain: dear/small }, providers: { dear: ${provider} } }\n`);
    const { out } = await call('test', { tier: 'brain' });
    expect(out).toContain('cost $50.00: dear cost $50.00, more than the $1.00 of call_usd that was reserved');
    const again = await call('test', { tier: 'brain' });
    expect(again).toMatchObject({ code: 1, out: expect.stringContaining('$0.00 is left') });
  });

  test('knows its tiers.', async () => {
    await expect(call('test', { tier: 'huge' })).rejects.toMatchObject({ code: 'usage' });
  });
});

test('llm prices lists every row with its day, those of the settings first.', async () => {
  await set(
    "llm: { prices: [{ model: 'qwen*', effective_from: '2026-01-01T00:00:00Z', input: 1, output: 2, cache_write_5m: 1, cache_write_1h: 1, cache_read: 1 }] }\n",
  );
  const { out } = await call('prices');
  const lines = out.split('\n');
  expect(lines[1]).toMatch(/^qwen\* +2026-01-01 .* 1x +millwright\.yaml$/);
  expect(out).toMatch(/claude-haiku-5-5 +\S+ +<= 100000 +0\.1 +0\.5/);
  expect(JSON.parse((await call('prices', {}, { json: true })).out)).toHaveLength(lines.length - 2);
});

test('llm otel prints recorded calls as lines of JSON, from a day on.', async () => {
  await takeIn(folder);
  const { out } = await call('otel');
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines[0]).toMatchObject({
    time: expect.any(String),
    semconv_version: expect.any(String),
    attributes: { 'gen_ai.operation.name': 'chat' },
  });
  expect((await call('otel', { since: '2100-01-01' })).out).toBe('');
  await expect(call('otel', { since: 'yesterday' })).rejects.toMatchObject({ code: 'usage' });
});
