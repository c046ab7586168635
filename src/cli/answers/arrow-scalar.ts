import {
  type DuckDBBlobValue,
  type DuckDBDateValue,
  type DuckDBDecimalValue,
  type DuckDBTimestampMillisecondsValue,
  type DuckDBTimestampNanosecondsValue,
  type DuckDBTimestampSecondsValue,
  type DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import { arrowData } from './arrow-data.ts';
import { bitmap } from './bitmap.ts';
import { cellText } from './cell-text.ts';
import { pieceOffsets } from './piece-offsets.ts';

export interface ArrowColumn {
  readonly type: arrow.DataType;
  /** The values of a column in Arrow's layout. */
  fill(values: readonly DuckDBValue[]): arrow.Data;
}

/** The columns of `arrowColumn` that hold no others. */
export function arrowScalar(type: DuckDBType): ArrowColumn {
  if (type.typeId === DuckDBTypeId.DECIMAL)
    return decimals(type.scale, type.width, (value) => (value as DuckDBDecimalValue).value);
  return (byType[type.typeId] ?? texts)(type);
}

type Store = { [index: number]: number | bigint } & ArrayBufferView;

/** `put` gives what is stored for a value, or undefined where Arrow has no word for it. */
function fixed(
  type: arrow.DataType,
  make: (length: number) => ArrayBufferView,
  put: (value: DuckDBValue) => number | bigint | undefined,
): ArrowColumn {
  return {
    type,
    fill: (values) => {
      const stored = values.map((value) => (value === null ? undefined : put(value)));
      const data = make(values.length) as Store;
      stored.forEach((value, index) => {
        if (value !== undefined) data[index] = value;
      });
      return arrowData(type, stored, { [arrow.BufferType.DATA]: data });
    },
  };
}

const number = (value: DuckDBValue) => value as number | bigint;

const finite = <Value extends { readonly isFinite: boolean }>(
  unit: arrow.TimeUnit,
  units: (value: Value) => bigint,
) => {
  const put = (value: DuckDBValue) => {
    const time = value as unknown as Value;
    return time.isFinite ? units(time) : undefined;
  };
  return () => fixed(new arrow.Timestamp(unit, 'UTC'), (length) => new BigInt64Array(length), put);
};

const micros = finite<DuckDBTimestampValue>(arrow.TimeUnit.MICROSECOND, (value) => value.micros);

const byType: Readonly<Partial<Record<DuckDBTypeId, (type: DuckDBType) => ArrowColumn>>> = {
  [DuckDBTypeId.BOOLEAN]: booleans,
  [DuckDBTypeId.TINYINT]: () => fixed(new arrow.Int8(), (length) => new Int8Array(length), number),
  [DuckDBTypeId.SMALLINT]: () => fixed(new arrow.Int16(), (length) => new Int16Array(length), number),
  [DuckDBTypeId.INTEGER]: () => fixed(new arrow.Int32(), (length) => new Int32Array(length), number),
  [DuckDBTypeId.BIGINT]: () => fixed(new arrow.Int64(), (length) => new BigInt64Array(length), number),
  [DuckDBTypeId.UTINYINT]: () => fixed(new arrow.Uint8(), (length) => new Uint8Array(length), number),
  [DuckDBTypeId.USMALLINT]: () => fixed(new arrow.Uint16(), (length) => new Uint16Array(length), number),
  [DuckDBTypeId.UINTEGER]: () => fixed(new arrow.Uint32(), (length) => new Uint32Array(length), number),
  [DuckDBTypeId.UBIGINT]: () => fixed(new arrow.Uint64(), (length) => new BigUint64Array(length), number),
  [DuckDBTypeId.FLOAT]: () => fixed(new arrow.Float32(), (length) => new Float32Array(length), number),
  [DuckDBTypeId.DOUBLE]: () => fixed(new arrow.Float64(), (length) => new Float64Array(length), number),
  [DuckDBTypeId.HUGEINT]: () => decimals(0, 38, (value) => value as bigint),
  [DuckDBTypeId.DATE]: () =>
    fixed(
      new arrow.DateDay(),
      (length) => new Int32Array(length),
      (value) => {
        const date = value as DuckDBDateValue;
        return date.isFinite ? date.days : undefined;
      },
    ),
  [DuckDBTypeId.TIMESTAMP]: micros,
  [DuckDBTypeId.TIMESTAMP_TZ]: micros,
  [DuckDBTypeId.TIMESTAMP_S]: finite<DuckDBTimestampSecondsValue>(
    arrow.TimeUnit.SECOND,
    (value) => value.seconds,
  ),
  [DuckDBTypeId.TIMESTAMP_MS]: finite<DuckDBTimestampMillisecondsValue>(
    arrow.TimeUnit.MILLISECOND,
    (value) => value.millis,
  ),
  [DuckDBTypeId.TIMESTAMP_NS]: finite<DuckDBTimestampNanosecondsValue>(
    arrow.TimeUnit.NANOSECOND,
    (value) => value.nanos,
  ),
  [DuckDBTypeId.BLOB]: blobs,
};

/** 128 bits, low half first. */
function decimals(scale: number, precision: number, whole: (value: DuckDBValue) => bigint): ArrowColumn {
  const type = new arrow.Decimal(scale, precision, 128);
  return {
    type,
    fill: (values) => {
      const halves = new BigInt64Array(values.length * 2);
      values.forEach((value, index) => {
        if (value === null) return;
        const number = whole(value);
        halves[index * 2] = BigInt.asIntN(64, number);
        halves[index * 2 + 1] = number >> 64n;
      });
      return arrowData(type, values, { [arrow.BufferType.DATA]: new Uint32Array(halves.buffer) });
    },
  };
}

function booleans(): ArrowColumn {
  const type = new arrow.Bool();
  return {
    type,
    fill: (values) =>
      arrowData(type, values, { [arrow.BufferType.DATA]: bitmap(values, (value) => value === true) }),
  };
}

function texts(type: DuckDBType): ArrowColumn {
  const text = cellText(type);
  return pieces(new arrow.Utf8(), (value) => Buffer.from(text(value) ?? ''));
}

function blobs(): ArrowColumn {
  return pieces(new arrow.Binary(), (value) => (value as DuckDBBlobValue).bytes);
}

function pieces(type: arrow.DataType, bytesOf: (value: DuckDBValue) => Uint8Array): ArrowColumn {
  return {
    type,
    fill: (values) => {
      const all = values.map((value) => (value === null ? new Uint8Array() : bytesOf(value)));
      return arrowData(type, values, {
        [arrow.BufferType.OFFSET]: pieceOffsets(all),
        [arrow.BufferType.DATA]: Buffer.concat(all),
      });
    },
  };
}
