import { z } from 'zod';
import type { Kind } from '../contracts/kind.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
}

const envelope: readonly Column[] = [
  { name: 'id', type: 'VARCHAR' },
  { name: 'kind', type: 'VARCHAR' },
  { name: 'schema_version', type: 'INTEGER' },
  { name: 'recorded_at', type: 'TIMESTAMP' },
  { name: 'source', type: 'VARCHAR' },
];

/**
 * The DuckDB columns of a kind, derived from its schema and never inferred from data: an empty history
 * has the same columns as a full one.
 */
export function columnsOf(kind: Kind): readonly Column[] {
  const known = derived.get(kind.name);
  if (known !== undefined) return known;
  const columns = derive(kind);
  derived.set(kind.name, columns);
  return columns;
}

/** Schemas do not change while the program runs, and are slow to read. */
const derived = new Map<string, readonly Column[]>();

function derive(kind: Kind): Column[] {
  const own = Object.entries(kind.fields.shape).map(([name, field]) => ({ name, type: columnType(field) }));
  const known = new Set(own.map(({ name }) => name));
  return [...envelope.filter(({ name }) => !known.has(name)), ...own];
}

/** The schema is read through its JSON Schema, the one form that zod promises to keep. */
function columnType(field: unknown): string {
  const schema = z.toJSONSchema(field as z.ZodType, { io: 'input', unrepresentable: 'any' });
  return typeOfSchema(schema);
}

interface Shape {
  readonly type?: unknown;
  readonly format?: unknown;
  readonly items?: unknown;
  readonly anyOf?: unknown;
  readonly enum?: unknown;
}

function typeOfSchema(schema: Shape): string {
  if (Array.isArray(schema.anyOf)) {
    const others = schema.anyOf.filter((option: Shape) => option.type !== 'null');
    return others.length === 1 ? typeOfSchema(others[0] as Shape) : 'JSON';
  }
  if (schema.type === 'string') return schema.format === 'date-time' ? 'TIMESTAMP' : 'VARCHAR';
  if (schema.type === 'integer') return 'BIGINT';
  if (schema.type === 'number') return 'DOUBLE';
  if (schema.type === 'boolean') return 'BOOLEAN';
  if (schema.type === 'array' && typeof schema.items === 'object' && schema.items !== null) {
    const item = typeOfSchema(schema.items as Shape);
    return item === 'JSON' ? 'JSON' : `${item}[]`;
  }
  return 'JSON';
}
