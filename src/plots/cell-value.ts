/** Numbers beyond it, in either direction, have no place on an axis: the arithmetic of scales breaks there. */
const LARGEST = 1e100;
const SMALLEST = 1e-100;

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;
const TIME =
  /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?)?$/;

/** True for what has no value: null, undefined, no date, no finite number, a number beyond drawing. */
export function isMissing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (value instanceof Date) return Number.isNaN(value.getTime());
  if (typeof value === 'number' || typeof value === 'bigint') return !(Math.abs(Number(value)) <= LARGEST);
  return false;
}

/** A number, or a decimal or a big integer as a database writes it in text; else undefined. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'boolean' || value instanceof Date) return undefined;
  const number = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : textNumber(value);
  if (number === undefined || !(Math.abs(number) <= LARGEST)) return undefined;
  return Math.abs(number) < SMALLEST ? 0 : number;
}

function textNumber(value: unknown): number | undefined {
  const text = textOf(value);
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** Milliseconds since 1970 of a `Date` or of ISO text from a month on; without an offset it is UTC. Else undefined. */
export function timeOf(value: unknown): number | undefined {
  if (value instanceof Date) return inYears(value.getTime());
  const match = typeof value === 'number' || typeof value === 'bigint' ? null : TIME.exec(textOf(value));
  if (match === null) return undefined;
  const [, year, month, day = '01', hour = '00', minute = '00', second = '00', fraction = '', offset] = match;
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const utc = Date.parse(written);
  // A day that the month does not have is moved by some engines: what comes back is then another text.
  if (Number.isNaN(utc) || new Date(utc).toISOString() !== written) return undefined;
  return inYears(utc - offsetMs(offset));
}

function offsetMs(offset: string | undefined): number {
  if (offset === undefined || offset === 'Z') return 0;
  const digits = offset.replace(/\D/g, '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}

const YEAR_1 = Date.parse('0001-01-01T00:00:00Z');
const YEAR_9999 = Date.parse('9999-12-31T23:59:59Z');

function inYears(ms: number): number | undefined {
  return ms >= YEAR_1 && ms <= YEAR_9999 ? ms : undefined;
}

/** What a value reads as: its own text where it has one (a decimal or a time of a database), else JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  if (typeof value !== 'object' || value === null) return String(value);
  if (hasOwnText(value)) return String(value);
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'bigint' ? String(member) : member,
  );
}

function hasOwnText(value: object): boolean {
  const text: unknown = Reflect.get(value, 'toString');
  return typeof text === 'function' && text !== Object.prototype.toString && !Array.isArray(value);
}
