import type { z } from 'zod';
import { closest } from './closest.ts';
import { type Issue, showPath, showValue } from './issue.ts';
import type { FieldPath } from './parsed.ts';

/** A file with thousands of problems is told about the first ones: each of them costs a look for its line. */
const MOST_ISSUES = 100;

/** Turns what zod found into our issues, with the line of each field. */
export function describeZodIssues(
  error: z.ZodError,
  input: unknown,
  lineOf: (path: FieldPath) => number | undefined,
  knownFields: readonly string[] = [],
): Issue[] {
  const found = error.issues.flatMap(oneByOne);
  const shown = found.slice(0, MOST_ISSUES).map((issue) => {
    const line = nearestLine(issue.path, lineOf);
    if (issue.unknown !== undefined) return { line, ...unknownField(issue.path, issue.unknown, knownFields) };
    return { line, field: showPath(issue.path), ...wording(issue.zod, valueAt(input, issue.path)) };
  });
  const rest = found.length - shown.length;
  return rest === 0
    ? shown
    : [...shown, { field: '', expected: 'no further problems', found: `${rest} more` }];
}

interface Found {
  readonly zod: z.core.$ZodIssue;
  readonly path: FieldPath;
  /** The name of a field that the schema does not have. */
  readonly unknown?: string;
}

function oneByOne(zod: z.core.$ZodIssue): Found[] {
  const path = zod.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (zod.code !== 'unrecognized_keys') return [{ zod, path }];
  return zod.keys.map((key) => ({ zod, path: [...path, key], unknown: key }));
}

function unknownField(path: FieldPath, key: string, knownFields: readonly string[]): Omit<Issue, 'line'> {
  // What is known is known of the top level only; "extra" takes facts, where there is one.
  const meant = path.length === 1 ? closest(key, knownFields) : undefined;
  const advice = knownFields.includes('extra')
    ? 'put facts without a field of their own under "extra"'
    : undefined;
  const hint = meant === undefined ? advice : `did you mean "${meant}"?`;
  return {
    field: showPath(path),
    expected: 'a known field',
    found: 'an unknown one',
    ...(hint === undefined ? {} : { hint }),
  };
}

function wording(issue: z.core.$ZodIssue, value: unknown): Pick<Issue, 'expected' | 'found'> {
  const found = showValue(value);
  switch (issue.code) {
    case 'invalid_type':
      return { expected: typeName(issue.expected), found };
    case 'invalid_value':
      return { expected: oneOf(issue.values), found };
    case 'too_small':
      return { expected: `at least ${issue.minimum}${unit(issue.origin, issue.minimum)}`, found };
    case 'too_big':
      return { expected: `at most ${issue.maximum}${unit(issue.origin, issue.maximum)}`, found };
    case 'invalid_union':
      return { expected: alternatives(issue), found };
    case 'invalid_key':
      return { expected: 'a name of 1 to 200 characters', found: `the name ${showValue(issue.path.at(-1))}` };
    default:
      return {
        expected: issue.message.replace(/^expected /, '').replace(/^Invalid URL$/, 'a web address'),
        found,
      };
  }
}

function typeName(type: string): string {
  if (type === 'int') return 'a whole number';
  if (type === 'record') return 'an object';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function oneOf(values: readonly unknown[]): string {
  return `one of ${values.map((option) => showValue(option)).join(', ')}`;
}

/** What each branch of a union would have taken; of a discriminated one, its tags. */
function alternatives(issue: z.core.$ZodIssueInvalidUnion): string {
  if ('options' in issue && issue.options !== undefined) return oneOf(issue.options);
  if (issue.message.startsWith('expected ')) return issue.message.slice('expected '.length);
  const ways = issue.errors.map(([first]) => (first === undefined ? '' : wording(first, undefined).expected));
  return [...new Set(ways.filter((way) => way !== ''))].join(' or ') || 'another value';
}

function unit(origin: string, n: number | bigint): string {
  if (origin === 'string') return Number(n) === 1 ? ' character' : ' characters';
  if (origin === 'array') return Number(n) === 1 ? ' entry' : ' entries';
  return '';
}

/** A missing field has no place of its own: then the line of what should hold it. */
function nearestLine(path: FieldPath, lineOf: (path: FieldPath) => number | undefined): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const line = lineOf(path.slice(0, length));
    if (line !== undefined) return line;
  }
  return undefined;
}

function valueAt(input: unknown, path: FieldPath): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
