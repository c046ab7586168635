import type { z } from 'zod';
import { closest } from './closest.ts';
import { type Issue, showValue } from './issue.ts';
import type { FieldPath } from './parsed.ts';

/** Turns what zod found into our issues, with the line of each field. */
export function describeZodIssues(
  error: z.ZodError,
  input: unknown,
  lineOf: (path: FieldPath) => number | undefined,
  knownFields: readonly string[] = [],
): Issue[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownField([...path, key], key, lineOf, knownFields));
    }
    const value = valueAt(input, path);
    return [{ line: nearestLine(path, lineOf), field: path.join('.'), ...wording(issue, value) }];
  });
}

function unknownField(
  path: FieldPath,
  key: string,
  lineOf: (path: FieldPath) => number | undefined,
  knownFields: readonly string[],
): Issue {
  const meant = closest(key, knownFields);
  const advice =
    meant === undefined ? 'put facts without a field of their own under "extra"' : `did you mean "${meant}"?`;
  return {
    line: nearestLine(path, lineOf),
    field: path.join('.'),
    expected: 'a known field',
    found: 'an unknown one',
    hint: advice,
  };
}

function wording(issue: z.core.$ZodIssue, value: unknown): Pick<Issue, 'expected' | 'found'> {
  const found = showValue(value);
  switch (issue.code) {
    case 'invalid_type':
      return { expected: article(issue.expected), found };
    case 'invalid_value':
      return { expected: `one of ${issue.values.map((option) => showValue(option)).join(', ')}`, found };
    case 'too_small':
      return { expected: `at least ${issue.minimum}${unit(issue.origin)}`, found };
    case 'too_big':
      return { expected: `at most ${issue.maximum}${unit(issue.origin)}`, found };
    default:
      return { expected: issue.message.replace(/^expected /, ''), found };
  }
}

function unit(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
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
