import type { AgentPreset } from '../contracts/agent-preset.ts';

/** What an agent said about itself. Each fact is absent when it was not reported, or not as expected. */
export interface AgentReport {
  readonly model?: string;
  readonly cost_usd?: number;
  readonly tokens?: number;
}

/** Reads an agent's standard output. Whatever it holds, this never fails: a report is no reason to lose work. */
export function readReport({ format, fields }: AgentPreset['report'], stdout: string): AgentReport {
  const values = format === 'none' ? [] : format === 'json' ? wholeValue(stdout) : eachLine(stdout);
  const model = lastFact(values, fields.model, firstText);
  const cost = lastFact(values, fields.cost_usd, sum);
  const tokens = lastFact(values, fields.tokens, sum);
  return {
    ...(model === undefined ? {} : { model }),
    ...(cost === undefined ? {} : { cost_usd: cost }),
    ...(tokens === undefined ? {} : { tokens: Math.round(tokens) }),
  };
}

/** Some agents print a warning or two before the value. */
function wholeValue(stdout: string): unknown[] {
  const starts = [0, stdout.indexOf('\n{') + 1, stdout.lastIndexOf('\n{') + 1];
  const found = starts.map((at) => parsed(stdout.slice(at))).find((value) => value !== undefined);
  return found === undefined ? eachLine(stdout) : [found];
}

function eachLine(stdout: string): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line.trimStart().startsWith('{'))
    .map(parsed)
    .filter((value) => value !== undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Later lines know more. */
function lastFact<T>(
  values: readonly unknown[],
  paths: string | readonly string[] | undefined,
  combine: (found: readonly unknown[]) => T | undefined,
): T | undefined {
  if (paths === undefined) return undefined;
  const every = typeof paths === 'string' ? [paths] : paths;
  for (const value of values.toReversed()) {
    const fact = combine(every.flatMap((path) => follow(value, path.split('.'))));
    if (fact !== undefined) return fact;
  }
  return undefined;
}

function follow(value: unknown, path: readonly string[]): unknown[] {
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (name === '~') return Object.keys(value);
  if (name === '*') return Object.values(value).flatMap((field) => follow(field, rest));
  const field = Object.getOwnPropertyDescriptor(value, name);
  return field === undefined ? [] : follow(field.value, rest);
}

function firstText(found: readonly unknown[]): string | undefined {
  const text = found.find((one) => typeof one === 'string' && one.trim() !== '');
  return typeof text === 'string' ? text.trim().slice(0, 200) : undefined;
}

function sum(found: readonly unknown[]): number | undefined {
  const numbers = found.filter((one) => typeof one === 'number' && Number.isFinite(one) && one >= 0);
  return numbers.length === 0 ? undefined : numbers.reduce<number>((total, one) => total + Number(one), 0);
}
