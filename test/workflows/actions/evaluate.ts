import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** What expressions may name: `github`, `vars`, `steps`, ... as plain data. */
export type Contexts = Readonly<Record<string, unknown>>;

export interface Surroundings {
  readonly contexts: Contexts;
  /** Whether a step before has failed. */
  readonly hasFailed: boolean;
  hashFiles(patterns: readonly string[]): string;
}

/** Evaluates an expression without its braces, by the library that GitHub's own editors use. */
export function evaluate(expression: string, surroundings: Surroundings): unknown {
  const functions = statusFunctions(surroundings);
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(surroundings.contexts), functions).parse();
  const contexts = JSON.parse(JSON.stringify(surroundings.contexts), data.reviver) as data.Dictionary;
  const known = new Map(functions.map((definition) => [definition.name.toLowerCase(), definition]));
  return plain(new Evaluator(tree, contexts, known).evaluate());
}

/** Replaces every `${{ }}` of a text. A text that is one expression keeps the type of its value. */
export function interpolate(value: unknown, surroundings: Surroundings): unknown {
  if (typeof value !== 'string') return value;
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(value.trim());
  if (whole !== null) return evaluate(whole[1] ?? '', surroundings);
  return value.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => text(evaluate(inner, surroundings)));
}

/** Whether an `if` lets a job or a step run: without a status function it also asks that nothing has failed. */
export function isWanted(condition: string | boolean | undefined, surroundings: Surroundings): boolean {
  if (condition === undefined) return !surroundings.hasFailed;
  const words = String(condition)
    .trim()
    .replace(/^\$\{\{(.*)\}\}$/s, '$1');
  const asksStatus = /\b(?:always|success|failure|cancelled)\s*\(/.test(words);
  if (!asksStatus && surroundings.hasFailed) return false;
  return isTruthy(evaluate(words, surroundings));
}

/** As an environment variable has it. */
export function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isTruthy(value: unknown): boolean {
  return value !== false && value !== null && value !== 0 && value !== '';
}

function statusFunctions({ hasFailed, hashFiles }: Surroundings) {
  const flag = (name: string, value: boolean) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  });
  return [
    flag('always', true),
    flag('cancelled', false),
    flag('success', !hasFailed),
    flag('failure', hasFailed),
    {
      name: 'hashFiles',
      minArgs: 1,
      maxArgs: 255,
      call: (...patterns: data.ExpressionData[]) =>
        new data.StringData(hashFiles(patterns.map((pattern) => pattern.coerceString()))),
    },
  ];
}

function plain(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer)) as unknown;
}

/** The environment of a step: every value as text. */
export function environmentOf(
  env: Readonly<Record<string, unknown>> | undefined,
  surroundings: Surroundings,
): Record<string, string> {
  const entries = Object.entries(env ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, text(interpolate(value, surroundings))]));
}
