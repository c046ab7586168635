import { describe, expect, test } from 'vitest';
import { agentPresets } from '../../../src/contracts/agent-preset.ts';
import { fillPlaceholders } from '../../../src/programs/fill-placeholders.ts';
import { readReport } from '../../../src/programs/read-report.ts';
import { readPreset } from '../../../src/runner/worker/read-preset.ts';

describe('an agent that is named', () => {
  test.each(['claude', 'codex', 'gemini', 'aider'])('%s is a preset.', (name) => {
    const { command, name: called } = readPreset(name);
    expect(called).toBe(name);
    expect(command[0]).toBe(name);
    expect(command.length).toBeGreaterThan(2);
  });

  test('may be replaced or added by the workspace.', () => {
    const more = agentPresets.parse({
      claude: { command: ['mine'] },
      other: { command: ['other', '{worktree}'] },
    });
    expect(readPreset('claude', more)).toMatchObject({ command: ['mine'], prompt: 'stdin', ignore: [] });
    expect(readPreset('other', more)).toMatchObject({ command: ['other', '{worktree}'] });
    expect(readPreset('codex', more).command[1]).toBe('exec');
    expect(() => agentPresets.parse({ x: { command: [] } })).toThrow();
    expect(() => agentPresets.parse({ x: { command: ['a'], shell: true } })).toThrow();
  });

  test('and is none is a command of its own, unless it is nearly one.', () => {
    expect(readPreset("./agent 'a b'")).toMatchObject({
      name: './agent',
      command: ['./agent', 'a b'],
      prompt: 'stdin',
    });
    expect(readPreset('claude --model x').command).toEqual(['claude', '--model', 'x']);
    expect(() => readPreset('cluade')).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('"claude"') }),
    );
  });
});

test('a placeholder fills its word and never becomes two, nor a placeholder again.', () => {
  const places = { promptFile: '/a b/{worktree}', worktree: '/w $& $1', model: 'opus {worktree}' };
  const words = ['x', '--file={prompt_file}', '{worktree}', '{other}', '{worktree}{worktree}', '-m={model}'];
  expect(fillPlaceholders(words, places)).toEqual([
    'x',
    '--file=/a b/{worktree}',
    '/w $& $1',
    '{other}',
    '/w $& $1/w $& $1',
    '-m=opus {worktree}',
  ]);
});

describe('the report of', () => {
  const reportOf = (name: string, stdout: string) => readReport(readPreset(name).report, stdout);

  test('claude is read from its one JSON value, also after a warning.', () => {
    const value = {
      type: 'result',
      result: 'Done.\n{',
      total_cost_usd: 0.0079825,
      usage: { input_tokens: 3, cache_read_input_tokens: 15_635, output_tokens: 6 },
      modelUsage: { 'claude-opus-4': { inputTokens: 3 } },
    };
    const facts = { model: 'claude-opus-4', cost_usd: 0.0079825, tokens: 15_644 };
    expect(reportOf('claude', JSON.stringify(value))).toEqual(facts);
    expect(reportOf('claude', `Warning: old\n${JSON.stringify(value)}\n`)).toEqual(facts);
    expect(reportOf('claude', `Warning: old\n${JSON.stringify(value, null, 2)}\n`)).toEqual(facts);
  });

  test('codex is read from the last line that has it.', () => {
    const lines = [
      { type: 'thread.started', thread_id: 'x' },
      { type: 'turn.completed', usage: { input_tokens: 100, cached_input_tokens: 90, output_tokens: 10 } },
      { type: 'turn.completed', usage: { input_tokens: 200, cached_input_tokens: 90, output_tokens: 30 } },
      { type: 'item.completed' },
    ];
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    expect(reportOf('codex', `noise\n${text}\n{cut`)).toEqual({ tokens: 230 });
  });

  test('gemini is added up over its models.', () => {
    const models = { 'gemini-a': { tokens: { total: 5 } }, 'gemini-b': { tokens: { total: 7 } } };
    expect(reportOf('gemini', JSON.stringify({ response: '', stats: { models } }))).toEqual({
      model: 'gemini-a',
      tokens: 12,
    });
  });

  test.each([
    '',
    'no json',
    '[]',
    'null',
    '{"usage": 7}',
    '{"usage": {"input_tokens": "many"}, "total_cost_usd": -1}',
    '{"modelUsage": {"__proto__": 1}',
  ])('an agent that prints %j is empty.', (text) => {
    for (const name of ['claude', 'codex', 'gemini', 'aider']) expect(reportOf(name, text)).toEqual({});
  });
});
