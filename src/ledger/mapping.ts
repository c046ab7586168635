import { z } from 'zod';
import { describeZodIssues } from '../contracts/describe-zod.ts';
import { keyedId } from '../contracts/ids.ts';
import { describeIssue, type Issue, showValue } from '../contracts/issue.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { parseBytes } from '../contracts/parse-text.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const fieldRule = z.union(
  [
    z.strictObject({ const: scalar }),
    z.strictObject({
      from: z.string().min(1).describe('A field of the foreign line; dots lead into objects.'),
      values: z.record(z.string(), scalar).optional().describe('Foreign value, as text, to ours.'),
      optional: z.boolean().default(false),
    }),
  ],
  { error: 'expected { from: NAME }, with "values" and "optional" if need be, or { const: VALUE }' },
);

/** How the lines of a foreign file become contracts of one kind. Written as YAML beside the data. */
export const mapping = z.strictObject({
  kind: z.string().optional(),
  id: z
    .array(z.string().min(1))
    .min(1)
    .describe('Foreign fields that tell one line from another. The id is computed from them.'),
  fields: z.record(z.string(), fieldRule),
});
export type Mapping = z.infer<typeof mapping>;

/** Reads a mapping. Throws `bad-mapping` with every wrong line. */
export function parseMapping(path: string, bytes: Uint8Array): Mapping {
  const read = parseBytes(bytes, '.yaml');
  if (!read.ok) throw badMapping(path, read.issues);
  const parsed = mapping.safeParse(read.data);
  if (!parsed.success)
    throw badMapping(path, describeZodIssues(parsed.error, read.data, read.lineOf, ['kind', 'id', 'fields']));
  return parsed.data;
}

export interface Mapped {
  readonly data: Readonly<Record<string, unknown>>;
  readonly issues: readonly Issue[];
}

/** Turns one foreign object into the fields of a contract, with an id that is the same every time. */
export function mapLine(rules: Mapping, kindName: string, foreign: unknown): Mapped {
  const issues: Issue[] = [];
  const fields: Record<string, unknown> = {};
  for (const [field, rule] of Object.entries(rules.fields)) {
    if ('const' in rule) {
      fields[field] = rule.const;
      continue;
    }
    const value = pick(foreign, rule.from);
    if (value === undefined || value === null) {
      if (!rule.optional)
        issues.push({ field: rule.from, expected: `a value for ${field}`, found: showValue(value) });
    } else if (rule.values === undefined) fields[field] = value;
    else if (Object.hasOwn(rule.values, String(value))) fields[field] = rule.values[String(value)];
    else
      issues.push({
        field: rule.from,
        expected: `one of ${Object.keys(rule.values).join(', ')}`,
        found: showValue(value),
      });
  }
  const parts = rules.id.map((path) => ({ path, value: pick(foreign, path) }));
  for (const { path, value } of parts) {
    // All objects read the same as text: many lines would get one id.
    if (value === undefined || value === null || typeof value === 'object')
      issues.push({ field: path, expected: 'a value that the id is computed from', found: showValue(value) });
  }
  const at = new Date(typeof fields.emitted_at === 'string' ? fields.emitted_at : 0);
  const time = Number.isNaN(at.getTime()) ? new Date(0) : at;
  const id = keyedId(
    time,
    kindName,
    parts.map(({ value }) => String(value)),
  );
  return { data: { id, ...fields }, issues };
}

/**
 * Foreign fields that no rule takes; each is said once, so that nothing is left behind unnoticed.
 * The answer for a line names those that no line before it had, and at most a hundred in all.
 */
export function unmappedFields(rules: Mapping): (foreign: unknown) => string[] {
  const from = Object.values(rules.fields).flatMap((rule) => ('from' in rule ? [rule.from] : []));
  const known = new Set([...from, ...rules.id].map((path) => path.split('.')[0] ?? path));
  let left = 100;
  return (foreign) => {
    if (left === 0 || typeof foreign !== 'object' || foreign === null || Array.isArray(foreign)) return [];
    const fresh = Object.keys(foreign)
      .filter((key) => !known.has(key))
      .slice(0, left);
    left -= fresh.length;
    for (const key of fresh) known.add(key);
    return fresh;
  };
}

function pick(value: unknown, path: string): unknown {
  let found = value;
  for (const part of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Record<string, unknown>)[part];
  }
  return found;
}

function badMapping(path: string, issues: readonly Issue[]): MillwrightError {
  return new MillwrightError('bad-mapping', issues.map((issue) => describeIssue(path, issue)).join('\n'), {
    hint: 'a mapping has "id", a list of fields, and "fields" with { from: NAME } or { const: VALUE }',
    data: { issues },
  });
}
