import { describeZodIssues } from './describe-zod.ts';
import { idSchema } from './ids.ts';
import { type Issue, showValue } from './issue.ts';
import type { Kind } from './kind.ts';
import type { FieldPath } from './parsed.ts';
import type { Contract } from './record.ts';
import { findSecret } from './secrets.ts';

export type CheckResult = { ok: true; contract: Contract } | { ok: false; issues: readonly Issue[] };

export interface Candidate {
  readonly data: unknown;
  readonly body?: string;
  lineOf?(path: FieldPath): number | undefined;
}

export interface Defaults {
  /** Used when the contract names no id. */
  readonly id: string;
  readonly source: string;
}

/** Holds a contract against the schema of its kind. Reports every problem at once. */
export function checkContract(kind: Kind, candidate: Candidate, defaults: Defaults): CheckResult {
  const lineOf = candidate.lineOf ?? (() => undefined);
  const { data } = candidate;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return {
      ok: false,
      issues: [{ line: lineOf([]), field: '', expected: 'an object with fields', found: showValue(data) }],
    };
  }
  const {
    id,
    kind: saidKind,
    schema_version: version,
    recorded_at: _ignored,
    source,
    ...own
  } = data as Record<string, unknown>;
  const ownId = kind.idField === undefined ? undefined : own[kind.idField];
  const chosenId = id ?? ownId ?? defaults.id;
  const keepsSource = 'source' in kind.fields.shape;
  const fields = { ...own, ...(keepsSource && source !== undefined ? { source } : {}) };
  const withBody = addBody(kind, fields, candidate.body ?? '');

  const parsed = kind.fields.safeParse(withId(kind, withBody, chosenId));
  const issues = [
    ...envelopeIssues(kind, { id: chosenId, ownId, saidKind, version, source }, lineOf),
    ...(parsed.success
      ? []
      : describeZodIssues(parsed.error, withBody, lineOf, Object.keys(kind.fields.shape))),
    ...secretIssues(data, candidate.body ?? '', lineOf),
  ];
  if (issues.length > 0 || !parsed.success) return { ok: false, issues };
  const origin = typeof source === 'string' ? source : defaults.source;
  return { ok: true, contract: { id: String(chosenId), kind, source: origin, fields: parsed.data } };
}

/** The text under the front matter is a field like any other, unless the front matter has it already. */
function addBody(kind: Kind, fields: Record<string, unknown>, body: string): Record<string, unknown> {
  if (body === '') return fields;
  const field = kind.bodyField ?? 'body';
  return fields[field] === undefined ? { ...fields, [field]: body } : fields;
}

function withId(kind: Kind, fields: Record<string, unknown>, id: unknown): Record<string, unknown> {
  return kind.idField === undefined ? fields : { ...fields, [kind.idField]: id };
}

interface Envelope {
  id: unknown;
  ownId: unknown;
  saidKind: unknown;
  version: unknown;
  source: unknown;
}

function envelopeIssues(
  kind: Kind,
  said: Envelope,
  lineOf: (path: FieldPath) => number | undefined,
): Issue[] {
  const issues: Issue[] = [];
  const report = (field: string, expected: string, value: unknown, hint?: string) =>
    issues.push({
      line: lineOf([field]),
      field,
      expected,
      found: showValue(value),
      ...(hint === undefined ? {} : { hint }),
    });
  if (!idSchema.safeParse(said.id).success)
    report('id', 'an id of letters, digits, ".", "_" and "-"', said.id);
  if (said.ownId !== undefined && said.ownId !== said.id)
    report(kind.idField ?? 'id', `the record's id ${showValue(said.id)}`, said.ownId);
  if (said.saidKind !== undefined && said.saidKind !== kind.name)
    report('kind', `"${kind.name}", the folder it lies in`, said.saidKind);
  if (said.source !== undefined && typeof said.source !== 'string') report('source', 'a string', said.source);
  const version = said.version ?? kind.schemaVersion;
  if (version !== kind.schemaVersion) {
    const newer = typeof version === 'number' && version > kind.schemaVersion;
    report(
      'schema_version',
      String(kind.schemaVersion),
      version,
      newer ? 'a newer Millwright wrote this: update the runner' : undefined,
    );
  }
  return issues;
}

/** A token in a contract would be in the history for good, so it stops at the door. */
function secretIssues(data: object, body: string, lineOf: (path: FieldPath) => number | undefined): Issue[] {
  for (const [field, value] of [...Object.entries(data), ['', body]]) {
    const secret = findSecret(typeof value === 'string' ? value : JSON.stringify(value));
    if (secret === undefined) continue;
    const hint = 'take it out and drop the contract again; treat the token as leaked if the file was shared';
    return [
      { line: lineOf([field]), field, expected: 'no secrets', found: `what looks like ${secret}`, hint },
    ];
  }
  return [];
}
