import { describeZodIssues } from './describe-zod.ts';
import { idSchema } from './ids.ts';
import { type Issue, oneLine, showPath, showValue } from './issue.ts';
import type { Kind } from './kind.ts';
import type { FieldPath } from './parsed.ts';
import { type Contract, sourceSchema } from './record.ts';
import { findSecretIn } from './secret-places.ts';
import { maskSecrets } from './secrets.ts';

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
    ...bodyIssues(kind, fields, candidate.body ?? '', lineOf),
    ...secretIssues([data, bodyAlone(kind, candidate.body ?? ''), { id: chosenId }], lineOf),
  ];
  if (issues.length > 0 || !parsed.success) return { ok: false, issues };
  const origin = typeof source === 'string' ? source : oneLine(maskSecrets(defaults.source));
  return { ok: true, contract: { id: String(chosenId), kind, source: origin, fields: parsed.data } };
}

/** The text under the front matter is a field like any other. */
function addBody(kind: Kind, fields: Record<string, unknown>, body: string): Record<string, unknown> {
  return { ...bodyAlone(kind, body), ...fields };
}

function bodyAlone(kind: Kind, body: string): Record<string, unknown> {
  return body === '' ? {} : { [bodyField(kind)]: body };
}

const bodyField = (kind: Kind) => kind.bodyField ?? 'body';

/** Of two texts for one field, none is thrown away in silence. */
function bodyIssues(
  kind: Kind,
  fields: Record<string, unknown>,
  body: string,
  lineOf: (path: FieldPath) => number | undefined,
): Issue[] {
  const field = bodyField(kind);
  const said = fields[field];
  if (body === '' || said === undefined || said === body) return [];
  const found = 'two different texts';
  return [
    { line: lineOf([field]), field, expected: 'it in the front matter or as the text below, once', found },
  ];
}

/** An id that is none is reported once, as the id. */
function withId(kind: Kind, fields: Record<string, unknown>, id: unknown): Record<string, unknown> {
  if (kind.idField === undefined) return fields;
  return { ...fields, [kind.idField]: idSchema.safeParse(id).success ? id : undefined };
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
  if (said.source !== undefined && !sourceSchema.safeParse(said.source).success)
    report('source', 'a text of 1 to 1000 characters', said.source);
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
function secretIssues(parts: readonly object[], lineOf: (path: FieldPath) => number | undefined): Issue[] {
  const secret = parts.map(findSecretIn).find((found) => found !== undefined);
  if (secret === undefined) return [];
  return [
    {
      line: lineOf(secret.path),
      field: showPath(secret.path),
      expected: 'no secrets',
      found: `what looks like ${secret.label}`,
      hint: 'take it out and drop the contract again; treat the token as leaked if the file was shared',
      keepOut: 'secret',
    },
  ];
}
