import {
  type DuckDBListValue,
  type DuckDBMapValue,
  type DuckDBStructValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import { arrowData } from './arrow-data.ts';
import { type ArrowColumn, arrowScalar } from './arrow-scalar.ts';
import { pieceOffsets } from './piece-offsets.ts';

/**
 * How a column of DuckDB becomes one of Arrow: whole numbers and floats by their width, HUGEINT as Decimal(38, 0) as
 * DuckDB itself does it (a double would lose digits), DECIMAL as it is, timestamps in their own unit with the zone
 * UTC (infinite ones are null), DATE in days, LIST and ARRAY as lists, STRUCT, MAP, BLOB as binary. Everything else
 * (VARCHAR, JSON, ENUM, UUID, TIME, INTERVAL, UNION, UHUGEINT, ...) is its text as `cellText` has it.
 */
export function arrowColumn(type: DuckDBType): ArrowColumn {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return lists(type.valueType);
    case DuckDBTypeId.STRUCT:
      return structs(type.entryNames, type.entryTypes);
    case DuckDBTypeId.MAP:
      return maps(type.keyType, type.valueType);
    default:
      return arrowScalar(type);
  }
}

function lists(valueType: DuckDBType): ArrowColumn {
  const item = arrowColumn(valueType);
  const type = new arrow.List(new arrow.Field('item', item.type, true));
  return {
    type,
    fill: (values) => {
      const items = values.map((value) => (value === null ? [] : (value as DuckDBListValue).items));
      return arrowData(type, values, { [arrow.BufferType.OFFSET]: pieceOffsets(items) }, [
        item.fill(items.flat()),
      ]);
    },
  };
}

function structs(names: readonly string[], types: readonly DuckDBType[]): ArrowColumn {
  const fields = types.map((type, index) => ({ name: names[index] ?? '', member: arrowColumn(type) }));
  const type = new arrow.Struct(fields.map(({ name, member }) => new arrow.Field(name, member.type, true)));
  const entry = (value: DuckDBValue, name: string) =>
    value === null ? null : ((value as DuckDBStructValue).entries[name] ?? null);
  return {
    type,
    fill: (values) => {
      const children = fields.map(({ name, member }) =>
        member.fill(values.map((value) => entry(value, name))),
      );
      return arrowData(type, values, {}, children);
    },
  };
}

function maps(keyType: DuckDBType, valueType: DuckDBType): ArrowColumn {
  const [key, member] = [arrowColumn(keyType), arrowColumn(valueType)];
  const fields = [new arrow.Field('key', key.type, false), new arrow.Field('value', member.type, true)];
  const entryType = new arrow.Struct(fields);
  const type = new arrow.Map_(new arrow.Field('entries', entryType, false) as never);
  return {
    type,
    fill: (values) => {
      const entries = values.map((value) => (value === null ? [] : (value as DuckDBMapValue).entries));
      const flat = entries.flat();
      const children = [
        key.fill(flat.map((entry) => entry.key)),
        member.fill(flat.map((entry) => entry.value)),
      ];
      const pairs = arrowData(entryType, flat, {}, children);
      return arrowData(type, values, { [arrow.BufferType.OFFSET]: pieceOffsets(entries) }, [pairs]);
    },
  };
}
