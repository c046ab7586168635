import { stripVTControlCharacters } from 'node:util';
import type { LlmProvider } from '../../contracts/llm-settings.ts';

type CommandProvider = Extract<LlmProvider, { type: 'command' }>;
type FieldName = keyof CommandProvider['fields'];

/** What a command printed. A fact is absent when it was not reported, or not as expected. */
export interface CommandReport {
  readonly text?: string;
  /** What it says went wrong. */
  readonly error?: string;
  readonly model?: string;
  readonly cost_usd?: number;
  readonly tokens?: { readonly [name in 'input' | 'output' | 'cache_read' | 'cache_write']: number };
}

/** Reads what a command printed; undefined when that is not of the form that its settings say. */
export function readCommandReport(
  { format, fields }: Pick<CommandProvider, 'format' | 'fields'>,
  printed: string,
): CommandReport | undefined {
  const stdout = stripVTControlCharacters(printed);
  if (format === 'text') return { text: stdout.trim() };
  const values = (format === 'json' ? wholeValue(stdout) : eachLine(stdout)).filter(
    (value) => value !== undefined,
  );
  if (values.length === 0) return undefined;
  const fact = (name: FieldName) => last(values, fields[name]);
  const [text, error, model] = [fact('text'), fact('error'), fact('model')];
  const cost = amountOf(fact('cost_usd'));
  const tokens = tokensOf((name) => amountOf(fact(`${name}_tokens`)));
  return {
    ...(typeof text === 'string' ? { text: text.trim() } : {}),
    ...(isError(error) ? { error: wordsOf(error, text) } : {}),
    ...(typeof model === 'string' && model.trim() !== '' ? { model: model.trim().slice(0, 200) } : {}),
    ...(cost === undefined ? {} : { cost_usd: cost }),
    ...(tokens === undefined ? {} : { tokens }),
  };
}

/** Some programs print a warning or two before the value. */
function wholeValue(stdout: string): unknown[] {
  const starts = [0, stdout.indexOf('\n{') + 1, stdout.lastIndexOf('\n{') + 1];
  return [starts.map((at) => parsed(stdout.slice(at))).find((value) => value !== undefined)];
}

function eachLine(stdout: string): unknown[] {
  return stdout.split('\n').map((line) => (line.trimStart().startsWith('{') ? parsed(line) : undefined));
}

function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Later lines know more. */
function last(values: readonly unknown[], path: string | undefined): unknown {
  if (path === undefined) return undefined;
  return values
    .toReversed()
    .map((value) => follow(value, path.split('.')))
    .find((fact) => fact !== undefined && fact !== null);
}

function follow(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  // Where the names of the fields are the fact, as in a list of models.
  if (name === '~') return Object.keys(value)[0];
  return Object.hasOwn(value, name) ? follow((value as Record<string, unknown>)[name], rest) : undefined;
}

function isError(error: unknown): boolean {
  return error !== undefined && error !== false && error !== '' && error !== 0;
}

/** Some say only that something went wrong, and what as the answer. */
function wordsOf(error: unknown, text: unknown): string {
  if (typeof error === 'string') return error;
  return typeof text === 'string' && text !== '' ? text : JSON.stringify(error);
}

function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function tokensOf(read: (name: 'input' | 'output' | 'cache_read' | 'cache_write') => number | undefined) {
  const [input, output] = [read('input'), read('output')];
  if (input === undefined && output === undefined) return undefined;
  const whole = (tokens: number | undefined) => Math.round(tokens ?? 0);
  return {
    input: whole(input),
    output: whole(output),
    cache_read: whole(read('cache_read')),
    cache_write: whole(read('cache_write')),
  };
}
