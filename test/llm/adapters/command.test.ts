import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/contracts/clock.ts';
import { llmProvider } from '../../../src/contracts/llm-settings.ts';
import type { Answer, Question } from '../../../src/llm/adapters/adapter.ts';
import { commandAdapter } from '../../../src/llm/adapters/command.ts';
import { chargeOf } from '../../../src/llm/charge.ts';
import { shippedProviders } from '../../../src/llm/shipped-providers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millwright-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

const question: Question = {
  model: 'small',
  system: [{ text: 'You are terse.' }],
  messages: [{ role: 'user', content: 'How many?' }],
  tools: [],
  maxOutputTokens: 100,
  maxUsd: 0.25,
  signal: new AbortController().signal,
};

/** What a program of these lines of JavaScript answers. */
async function ask(
  script: string,
  settings: object = {},
  { timeLimitMs = 20_000, asked = question, args = [] as readonly string[], more = {} } = {},
): Promise<Answer> {
  const file = join(folder, `model-${Math.random().toString(36).slice(2)}.mjs`);
  await writeFile(file, script);
  const provider = llmProvider.parse({
    type: 'command',
    command: [process.execPath, file, ...args],
    ...settings,
  });
  if (provider.type !== 'command') throw new Error('expected a command');
  const env = { ...process.env, GIT_DIR: '/nowhere', ...more };
  const options = { name: 'model', provider, root: folder, env, timeLimitMs, clock: systemClock };
  return commandAdapter(options).ask(asked);
}

const readAll = "let text = ''; for await (const piece of process.stdin) text += piece;";
const claude = shippedProviders.claude as { format: string; fields: object };
const json = { format: claude.format, fields: claude.fields };

describe('a model behind a program', () => {
  test('gets system, messages and the schema of the answer as one text, and answers in text.', async () => {
    const answerSchema = { type: 'object' };
    const answer = await ask(
      `${readAll} console.log('\\u001b[31m' + text + '\\u001b[0m')`,
      {},
      {
        asked: { ...question, answerSchema },
      },
    );
    expect(answer).toMatchObject({ result: 'answered', stop: 'end', model: 'small' });
    expect(answer).not.toHaveProperty('costUsd');
    const text = answer.result === 'answered' ? answer.text : '';
    expect(text).toMatch(/^You are terse\.\n\nHow many\?\n\nAnswer with one JSON value/);
    expect(text).toMatch(/\{"type":"object"\}$/);
  });

  test('reports text, tokens and cost as claude -p does, also in colour and after a warning.', async () => {
    const report = {
      is_error: false,
      result: ' 42 ',
      total_cost_usd: 0.0123,
      usage: {
        input_tokens: 3,
        output_tokens: 5,
        cache_read_input_tokens: 7,
        cache_creation_input_tokens: 11,
      },
    };
    const script = `console.log('\\u001b[33mwarning\\u001b[39m: old'); console.log(${JSON.stringify(JSON.stringify(report))})`;
    expect(await ask(script, json)).toEqual({
      result: 'answered',
      text: '42',
      toolCalls: [],
      stop: 'end',
      model: 'small',
      costUsd: 0.0123,
      usage: { input: 3, output: 5, cacheRead: 7, cacheWrite5m: 11, cacheWrite1h: 0 },
    });
  });

  test('is told model, most cost and the file of the prompt as words of its own, in a folder where nothing else is.', async () => {
    const script = `import { readFileSync, readdirSync } from 'node:fs';
      const [model, usd, file] = process.argv.slice(2);
      console.log(JSON.stringify([model, usd, readFileSync(file, 'utf8').length > 10, readdirSync('.'), process.env.GIT_DIR ?? null, process.cwd()]))`;
    const answer = await ask(
      script,
      { prompt: 'file-argument' },
      {
        asked: { ...question, model: 'a b; $(c)' },
        args: ['{model}', '{max_usd}', '{prompt_file}'],
      },
    );
    const said = JSON.parse(answer.result === 'answered' ? answer.text : '[]') as unknown[];
    expect(said).toEqual(['a b; $(c)', '0.25', true, ['prompt.txt'], null, expect.any(String)]);
    expect(existsSync(String(said.at(-1)))).toBe(false);
  });

  test.each([
    ['hangs', 'setInterval(() => undefined, 1e3)', {}, 'time', /took longer/],
    [
      'hangs and ignores SIGTERM with a child of its own',
      "import { spawn } from 'node:child_process'; spawn('sleep', ['60']); setInterval(() => undefined, 1e3)",
      {},
      'time',
      /took longer/,
    ],
    [
      'floods stdout',
      "const go = () => process.stdout.write('x'.repeat(65536), go); go()",
      {},
      'garbage',
      /printed more than/,
    ],
    ['dies by a signal', "process.kill(process.pid, 'SIGKILL')", {}, 'server', /ended by SIGKILL/],
    [
      'ends with an error',
      "console.error('out of memory'); process.exit(3)",
      {},
      'server',
      /exit code 3.*memory/,
    ],
    ['prints bad JSON', 'console.log(\'{"result": "half\')', json, 'garbage', /printed no json/],
    ['prints JSON of another form', 'console.log("[1,2]")', json, 'garbage', /printed no answer/],
    ['prints nothing', '', {}, 'garbage', /printed no answer/],
    [
      'is not logged in',
      "console.log(JSON.stringify({is_error: true, result: 'Invalid API key · Please run /login', total_cost_usd: 0})); process.exit(1)",
      json,
      'credentials',
      /login/,
    ],
  ])('that %s is a fault, not an error.', async (_, script, settings, fault, message) => {
    const timeLimitMs = fault === 'time' ? 700 : 20_000;
    const answer = await ask(script, settings, { timeLimitMs });
    expect(answer).toMatchObject({ result: 'fault', fault, message: expect.stringMatching(message) });
    // Only who says so has cost nothing.
    expect(answer).toMatchObject({ spent: fault === 'credentials' ? 'nothing' : 'worst' });
  });

  test('that is not there, or is asked to use tools, is a fault that costs nothing and says what to do.', async () => {
    expect(await ask('', { command: ['./no-such-model'] })).toMatchObject({
      fault: 'request',
      spent: 'nothing',
      message: expect.stringContaining(`${folder}/no-such-model`),
    });
    const tools = [{ name: 'look', description: 'looks', inputSchema: {} }];
    expect(await ask('', {}, { asked: { ...question, tools } })).toMatchObject({ fault: 'request' });
  });

  test('never shows a secret that it printed while it failed.', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const answer = await ask(`console.error('bad token ${token}'); process.exit(1)`);
    expect(JSON.stringify(answer)).toContain('[a GitHub token]');
    expect(JSON.stringify(answer)).not.toContain(token);
  });

  test('never shows the secrets of its environment, whatever their shape, nor half of one.', async () => {
    const more = { MYKEY: 'hunter2', DB_PASSWORD: 'pa$$&word', PATH_KEY: 'short', UNRELATED: 'plain-words' };
    const script = `console.error('x'.repeat(60) + ' key ' + process.env.MYKEY + ' ' + process.env.DB_PASSWORD); process.exit(1)`;
    const failed = JSON.stringify(await ask(script, {}, { more }));
    expect(failed).not.toMatch(/hunt|pa\$\$/);
    const told = `console.log(JSON.stringify({is_error: true, result: Object.values(process.env).join(' ')})); process.exit(1)`;
    const said = JSON.stringify(await ask(told, json, { more: { ...more, PATH: process.env.PATH } }));
    expect(said).not.toMatch(/hunter2|pa\$\$/);
    const words = `console.log(JSON.stringify({is_error: true, result: ['MYKEY', 'DB_PASSWORD', 'PATH_KEY', 'UNRELATED'].map((name) => process.env[name]).join(' ')}))`;
    expect(await ask(words, json, { more })).toMatchObject({
      message: '[the value of MYKEY] [the value of DB_PASSWORD] short plain-words',
    });
  });

  test('that fails and says what it cost has cost that.', async () => {
    const report = { is_error: true, result: 'overloaded', total_cost_usd: 0.25, usage: { input_tokens: 3 } };
    const script = `console.log(JSON.stringify(${JSON.stringify(report)})); process.exit(1)`;
    const answer = await ask(script, json);
    expect(answer).toMatchObject({ fault: 'overloaded', costUsd: 0.25, spent: { input: 3, output: 0 } });
    const plan = { pricing: 'call', model: 'small' } as const;
    expect(chargeOf(answer, plan, [], new Date(0))).toMatchObject({ costUsd: 0.25, usage: { input: 3 } });
  });
});
