import {
  type DuckDBDecimalValue,
  type DuckDBListValue,
  type DuckDBMapValue,
  type DuckDBStructValue,
  type DuckDBTimestampMillisecondsValue,
  type DuckDBTimestampNanosecondsValue,
  type DuckDBTimestampSecondsValue,
  type DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBUnionValue,
  type DuckDBValue,
  type DuckDBVariantValue,
} from '@duckdb/node-api';

export type PlainValue =
  | null
  | boolean
  | number
  | string
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

/**
 * How values of a type become plain JavaScript values, decided once for a column.
 *
 * - Whole numbers of any size: a number up to 2^53, else their digits as text. DECIMAL: a number up to 15 digits,
 *   which a double holds exactly, else text.
 * - TIMESTAMP, with and without time zone: ISO 8601 in UTC with milliseconds and a Z; digits below them only when
 *   they are not zero. Infinite ones, and years outside 1 to 9999, are the text that DuckDB writes.
 * - DATE `yyyy-mm-dd`. TIME, INTERVAL, UUID, BIT, BLOB, ENUM and what else there is: the text that DuckDB writes.
 * - LIST and ARRAY: arrays. STRUCT and MAP: objects. UNION: an object with the tag as its one key.
 * - JSON: the value itself; whole numbers in it beyond 2^53 become text too.
 * - NaN and infinite numbers stay what they are; `JSON.stringify` makes null of them, and 0 of minus zero.
 */
export function plainValue(type: DuckDBType): (value: DuckDBValue) => PlainValue {
  const convert = converter(type);
  return (value) => (value === null ? null : convert(value));
}

type Convert = (value: DuckDBValue) => PlainValue;

function converter(type: DuckDBType): Convert {
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
      return type.alias === 'JSON' ? (value) => parsed(String(value)) : asItIs;
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return arrayOf(type.valueType);
    case DuckDBTypeId.STRUCT:
      return objectOf(type.entryNames, type.entryTypes);
    case DuckDBTypeId.MAP:
      return mapOf(type.keyType, type.valueType);
    case DuckDBTypeId.UNION:
      return unionOf(type.memberTags, type.memberTypes);
    default:
      return byType[type.typeId] ?? String;
  }
}

const asItIs: Convert = (value) => value as number | boolean | string;

function whole(value: DuckDBValue): PlainValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

const EXACT_DIGITS = 15;

function decimal(value: DuckDBValue): PlainValue {
  const digits = String((value as DuckDBDecimalValue).value).replace('-', '').length;
  return digits <= EXACT_DIGITS ? Number(String(value)) : String(value);
}

/** What DuckDB takes for the end of time; its negative is the beginning. */
const FOREVER = 2n ** 63n - 1n;

/** `units` since 1970, so many in a millisecond. */
function timestamp(units: bigint, perMs: bigint, otherwise: DuckDBValue): string {
  if (units === FOREVER || units === -FOREVER) return infinite(units);
  const rest = ((units % perMs) + perMs) % perMs;
  const date = new Date(Number((units - rest) / perMs));
  const year = date.getUTCFullYear();
  // Also when it is not a date at all.
  if (!(year >= 1 && year <= 9999)) return String(otherwise);
  const text = date.toISOString();
  if (rest === 0n) return text;
  return `${text.slice(0, -1)}${String(rest).padStart(String(perMs).length - 1, '0')}Z`;
}

function infinite(units: bigint): string {
  return units > 0n ? 'infinity' : '-infinity';
}

const micros: Convert = (value) => timestamp((value as DuckDBTimestampValue).micros, 1_000n, value);

const byType: Readonly<Partial<Record<DuckDBTypeId, Convert>>> = {
  [DuckDBTypeId.BOOLEAN]: asItIs,
  [DuckDBTypeId.TINYINT]: asItIs,
  [DuckDBTypeId.SMALLINT]: asItIs,
  [DuckDBTypeId.INTEGER]: asItIs,
  [DuckDBTypeId.UTINYINT]: asItIs,
  [DuckDBTypeId.USMALLINT]: asItIs,
  [DuckDBTypeId.UINTEGER]: asItIs,
  [DuckDBTypeId.FLOAT]: asItIs,
  [DuckDBTypeId.DOUBLE]: asItIs,
  [DuckDBTypeId.BIGINT]: whole,
  [DuckDBTypeId.UBIGINT]: whole,
  [DuckDBTypeId.HUGEINT]: whole,
  [DuckDBTypeId.UHUGEINT]: whole,
  [DuckDBTypeId.BIGNUM]: whole,
  [DuckDBTypeId.DECIMAL]: decimal,
  [DuckDBTypeId.TIMESTAMP]: micros,
  [DuckDBTypeId.TIMESTAMP_TZ]: micros,
  [DuckDBTypeId.TIMESTAMP_S]: (value) => {
    const time = value as DuckDBTimestampSecondsValue;
    return time.isFinite ? timestamp(time.seconds * 1_000n, 1n, value) : infinite(time.seconds);
  },
  [DuckDBTypeId.TIMESTAMP_MS]: (value) =>
    timestamp((value as DuckDBTimestampMillisecondsValue).millis, 1n, value),
  [DuckDBTypeId.TIMESTAMP_NS]: (value) =>
    timestamp((value as DuckDBTimestampNanosecondsValue).nanos, 1_000_000n, value),
  [DuckDBTypeId.VARIANT]: (value) => {
    const { value: inner, type } = value as DuckDBVariantValue;
    return type === undefined ? (inner === null ? null : String(inner)) : plainValue(type)(inner);
  },
};

function arrayOf(itemType: DuckDBType): Convert {
  const item = plainValue(itemType);
  return (value) => (value as DuckDBListValue).items.map(item);
}

function objectOf(names: readonly string[], types: readonly DuckDBType[]): Convert {
  const fields = types.map((type, index) => [names[index] ?? '', plainValue(type)] as const);
  return (value) => {
    const { entries } = value as DuckDBStructValue;
    // From entries: a field that is called __proto__ is a field too.
    return Object.fromEntries(fields.map(([name, plain]) => [name, plain(entries[name] ?? null)]));
  };
}

function mapOf(keyType: DuckDBType, valueType: DuckDBType): Convert {
  const [key, plain] = [plainValue(keyType), plainValue(valueType)];
  const text = (name: PlainValue) => (typeof name === 'object' ? JSON.stringify(name) : String(name));
  return (value) =>
    Object.fromEntries(
      (value as DuckDBMapValue).entries.map((entry) => [text(key(entry.key)), plain(entry.value)]),
    );
}

function unionOf(tags: readonly string[], types: readonly DuckDBType[]): Convert {
  const members = new Map(types.map((type, index) => [tags[index], plainValue(type)]));
  return (value) => {
    const { tag, value: inner } = value as DuckDBUnionValue;
    return { [tag]: members.get(tag)?.(inner) ?? null };
  };
}

/** Text of a JSON column that is no JSON stays text. */
function parsed(text: string): PlainValue {
  try {
    return JSON.parse(LONG_NUMBER.test(text) ? text.replace(STRING_OR_WHOLE, quoteLong) : text) as PlainValue;
  } catch {
    return text;
  }
}

const LONG_NUMBER = /\d{16}/;
const STRING_OR_WHOLE = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

function quoteLong(token: string): string {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
