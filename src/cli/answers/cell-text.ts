import { type DuckDBType, DuckDBTypeId, type DuckDBValue } from '@duckdb/node-api';
import { plainValue } from './plain-value.ts';

/**
 * How values of a type become the text of one cell, decided once for a column; undefined is NULL. As `plainValue`
 * has it, but numbers with all their digits, and lists, structs and JSON as JSON text.
 */
export function cellText(type: DuckDBType): (value: DuckDBValue) => string | undefined {
  const convert = converter(type);
  return (value) => (value === null ? undefined : convert(value));
}

function converter(type: DuckDBType): (value: DuckDBValue) => string {
  // A number that is plain is exact, but `1.50` says more than `1.5`. JSON text is as it was written.
  if (type.typeId === DuckDBTypeId.DECIMAL || type.typeId === DuckDBTypeId.VARCHAR) return String;
  const plain = plainValue(type);
  return (value) => {
    const made = plain(value);
    return typeof made === 'object' ? JSON.stringify(made) : String(made);
  };
}
