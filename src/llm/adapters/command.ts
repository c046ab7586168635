import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Clock } from '../../contracts/clock.ts';
import type { LlmProvider } from '../../contracts/llm-settings.ts';
import { hasCode } from '../../contracts/millwright-error.ts';
import { describeStop } from '../../programs/describe-stop.ts';
import { type CommandResult, runCommand } from '../../programs/run-command.ts';
import { noUsage } from '../charge.ts';
import type { Environment } from '../plan-tier.ts';
import type { Answer, LlmAdapter, Question, Usage } from './adapter.ts';
import { MOST_ANSWER_BYTES } from './answer-limit.ts';
import { commandPrompt } from './command-prompt.ts';
import type { Fault } from './fault.ts';
import { maskEnvironment } from './mask-environment.ts';
import { maskedMessage } from './masked-message.ts';
import { type CommandReport, readCommandReport } from './read-command-report.ts';

type CommandProvider = Extract<LlmProvider, { type: 'command' }>;

export interface CommandAdapterOptions {
  /** Name of the provider in the settings. */
  readonly name: string;
  readonly provider: CommandProvider;
  /** The workspace: a program with a relative path is looked for there. */
  readonly root: string;
  readonly env: Environment;
  readonly timeLimitMs: number;
  readonly clock: Clock;
}

/**
 * A model behind a program: the prompt on its standard input or in a file, the answer on its standard output. It
 * runs in an empty folder of its own, so that a coding agent finds nothing to read or to change.
 */
export function commandAdapter(options: CommandAdapterOptions): LlmAdapter {
  return { provider: options.name, ask: (question) => askInFolder(options, question) };
}

async function askInFolder(options: CommandAdapterOptions, question: Question): Promise<Answer> {
  if (question.tools.length > 0) return noTools(options.name);
  const folder = await mkdtemp(join(tmpdir(), 'millwright-llm-'));
  try {
    return await ask(options, question, folder);
  } catch (error) {
    const message = maskedMessage(
      error instanceof Error ? error.message : String(error),
      undefined,
      options.env,
    );
    if (!hasCode(error, 'command-not-found')) return fault(options, 'request', message);
    return {
      result: 'fault',
      fault: 'request',
      message: `${message}; ${error.hint ?? ''}`,
      spent: 'nothing',
    };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

function noTools(name: string): Answer {
  const message = `${name} is a program, and can be given no tools`;
  return { result: 'fault', fault: 'request', message, spent: 'nothing' };
}

async function ask(options: CommandAdapterOptions, question: Question, folder: string): Promise<Answer> {
  const { provider, env, timeLimitMs, clock } = options;
  const prompt = commandPrompt(question);
  const promptFile = join(folder, 'prompt.txt');
  await writeFile(promptFile, prompt, { mode: 0o600 });
  const result = await runCommand({
    argv: fillCommand(options, question, promptFile),
    cwd: folder,
    env: programEnvironment(env),
    stdin: provider.prompt === 'stdin' ? prompt : '',
    timeLimitMs,
    outputLimitBytes: MOST_ANSWER_BYTES,
    clock,
    signal: question.signal,
    transcript: unkept,
  });
  return toAnswer(options, question, result);
}

/** An answer is no evidence of work: it is not kept. */
const unkept = { path: '', write: () => undefined, close: async () => undefined };

/** A word stays one word, whatever comes in. */
function fillCommand(
  { provider, root }: CommandAdapterOptions,
  { model, maxUsd = provider.call_usd }: Question,
  promptFile: string,
): string[] {
  const max_usd = String(maxUsd);
  const values: Readonly<Record<string, string>> = { model, max_usd, prompt_file: promptFile };
  const [program = '', ...args] = provider.command.map((word) =>
    word.replaceAll(/\{(model|max_usd|prompt_file)\}/g, (_, name: string) => values[name] ?? ''),
  );
  const isPath = program.includes('/') && !isAbsolute(program);
  return [isPath ? resolve(root, program) : program, ...args];
}

/** Variables of git would point a program at the repository of whoever called us. */
function programEnvironment(env: Environment): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([variable]) => !variable.startsWith('GIT_'));
  return { ...Object.fromEntries(kept), NO_COLOR: '1' };
}

function toAnswer(options: CommandAdapterOptions, question: Question, result: CommandResult): Answer {
  const { name, provider, timeLimitMs, env } = options;
  const limits = { timeLimitMs, outputLimitBytes: MOST_ANSWER_BYTES };
  // Masked before it is cut: half a secret does not look like one.
  const stop = describeStop(name, { ...result, tail: maskEnvironment(result.tail, env) }, limits);
  if (result.stopped === 'abort') return fault(options, 'time', `${name} was stopped`);
  if (result.stopped === 'time') return fault(options, 'time', stop ?? '');
  if (result.stopped === 'output') return fault(options, 'garbage', stop ?? '');
  const report = readCommandReport(provider, result.stdout);
  if (report?.error !== undefined) return reported(options, report.error, report);
  if (stop !== undefined) return reported(options, stop, report);
  if (report === undefined) return fault(options, 'garbage', `${name} printed no ${provider.format}`);
  if ((report.text ?? '') === '')
    return { ...fault(options, 'garbage', `${name} printed no answer`), ...spentOf(report) };
  return {
    result: 'answered',
    text: report.text ?? '',
    toolCalls: [],
    stop: 'end',
    model: report.model ?? question.model,
    usage: usageOf(report) ?? noUsage,
    ...(report.cost_usd === undefined ? {} : { costUsd: report.cost_usd }),
  };
}

/** Programs have no status codes: what went wrong is told by their words. */
function reported(options: CommandAdapterOptions, words: string, report: CommandReport | undefined): Fault {
  const kind = /\blog ?in\b|api key|unauthori[sz]ed|authenticat|\b40[13]\b|credit balance/i.test(words)
    ? 'credentials'
    : /rate limit|usage limit|session limit|\b429\b/i.test(words)
      ? 'rate'
      : /overloaded|\b529\b/i.test(words)
        ? 'overloaded'
        : 'server';
  return { ...fault(options, kind, words), ...(report === undefined ? {} : spentOf(report)) };
}

function fault({ env }: CommandAdapterOptions, kind: Fault['fault'], words: string): Fault {
  return { result: 'fault', fault: kind, message: maskedMessage(words, undefined, env), spent: 'worst' };
}

/** Only a cost that it reports is known: tokens of a program have no price of their own. */
function spentOf(report: CommandReport): Pick<Fault, 'spent' | 'costUsd'> {
  const { cost_usd: costUsd } = report;
  if (costUsd === undefined) return { spent: 'worst' };
  return costUsd === 0 ? { spent: 'nothing' } : { spent: usageOf(report) ?? noUsage, costUsd };
}

function usageOf({ tokens }: CommandReport): Usage | undefined {
  if (tokens === undefined) return undefined;
  const { input, output, cache_read: cacheRead, cache_write: cacheWrite5m } = tokens;
  return { input, output, cacheRead, cacheWrite5m, cacheWrite1h: 0 };
}
