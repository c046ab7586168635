import { createHash } from 'node:crypto';
import { line } from './fields.ts';
import type { Kind } from './kind.ts';

/** Where a record came from, when the contract says so itself. */
export const sourceSchema = line;

/** A line of the history: the envelope, then the kind's own fields. */
export interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly schema_version: number;
  /** UTC, ms. When this workspace accepted it. */
  readonly recorded_at: string;
  /** Where it came from: a file, an import, a controller. */
  readonly source: string;
  readonly [field: string]: unknown;
}

/** A contract that passed its kind's schema, before it is recorded. */
export interface Contract {
  readonly id: string;
  readonly kind: Kind;
  readonly source: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function toEntry(contract: Contract, recordedAt: Date): Entry {
  return {
    id: contract.id,
    kind: contract.kind.name,
    schema_version: contract.kind.schemaVersion,
    recorded_at: recordedAt.toISOString(),
    source: contract.source,
    ...contract.fields,
  };
}

/** One line of a segment, with its line end. */
export function toLine(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`;
}

/**
 * What makes two contracts with one id the same: everything but when and whence they came in.
 * 64 bits of SHA-256 over sorted keys, so that field order does not matter.
 */
export function contentDigest(entry: Entry, kind: Kind | undefined): string {
  const { recorded_at: _when, source, ...content } = entry;
  const own = kind !== undefined && 'source' in kind.fields.shape ? { ...content, source } : content;
  return createHash('sha256').update(canonicalJson(own)).digest('hex').slice(0, 16);
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
