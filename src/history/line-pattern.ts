import { z } from 'zod';
import { ID_PATTERN } from '../contracts/ids.ts';
import type { Kind } from '../contracts/kind.ts';
import { jsonText } from './json-pattern.ts';

/** The part of JSON Schema that the kinds use. */
interface Shape {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Shape;
  readonly additionalProperties?: Shape | false;
  /** Set here: a check that JSON Schema cannot say. */
  readonly custom?: true;
}

/**
 * The lines that are taken as they are, as a pattern over their bytes (latin1): written in the order and form of
 * `toLine`, with every field just as its schema gives it back. What it matches, the schema accepts and changes in
 * nothing; what it does not match is held against the schema itself, at fifty times the price.
 * @returns undefined for a kind of which no line can be told so
 */
export function linePattern(kind: Kind): RegExp | undefined {
  const { source, ...own } = shapeOf(kind.fields).properties ?? {};
  const envelope = [
    ['id', jsonText(1, 200)],
    ['kind', `"${kind.name}"`],
    ['schema_version', '(?:0|[1-9]\\d{0,8})'],
    ['recorded_at', INSTANT],
    ['source', source === undefined ? jsonText(1, 1_000) : patternOf(source)],
  ] as const;
  if (envelope.some(([, pattern]) => pattern === undefined)) return undefined;
  const head = envelope.map(([key, pattern]) => `"${key}":${pattern}`).join(',');
  const rest = members(own, new Set(shapeOf(kind.fields).required), '');
  return rest === undefined ? undefined : new RegExp(`\\{${head}${rest}\\}(?:\\n|$)`, 'y');
}

/** Defaults are filled in by the schema, so in what it gives back they are required. */
function shapeOf(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, {
    io: 'output',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const checks = zodSchema._zod.def.checks ?? [];
      // An instant has a check of its own too; its pattern below says all of it.
      const custom = checks.some((check) => check._zod.def.check === 'custom');
      if (custom && jsonSchema.format !== 'date-time') jsonSchema.custom = true;
    },
  }) as Shape;
}

const DAY =
  '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8])))';
const INSTANT = `"${DAY}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z"`;
/** As `ID_PATTERN`, without looking ahead over the whole line. */
function id(most: number): string {
  return `"(?=[^"]{1,${most}}")[A-Za-z0-9][A-Za-z0-9_-]*(?:\\.[A-Za-z0-9_-]+)*(?<!\\.lock)"`;
}

function patternOf(shape: Shape): string | undefined {
  const options = shape.anyOf ?? shape.oneOf;
  if (shape.custom === true) return undefined;
  if (options !== undefined) return anyOf(options.map(patternOf));
  if (shape.const !== undefined || shape.enum !== undefined) return oneOf(shape.enum ?? [shape.const]);
  switch (shape.type) {
    case 'string':
      return text(shape);
    case 'integer':
    case 'number':
      return number(shape);
    case 'boolean':
      return '(?:true|false)';
    case 'null':
      return 'null';
    case 'array':
      return list(shape);
    default:
      return shape.properties === undefined ? record(shape) : object(shape);
  }
}

function anyOf(options: readonly (string | undefined)[]): string | undefined {
  return options.includes(undefined) ? undefined : `(?:${options.join('|')})`;
}

function oneOf(values: readonly unknown[]): string | undefined {
  const plain = values.every((value) => typeof value === 'string' && /^[\w. -]+$/.test(value));
  return plain ? `"(?:${values.map((value) => String(value).replaceAll('.', '\\.')).join('|')})"` : undefined;
}

/** A pattern of the schema is used where it is made of plain classes, so that it cannot leave the quotes. */
const PLAIN_PATTERN = /^\^(?:\\[d.]|\(\?:|\[[\w-]+\]|[\w)|?*+-]|\{\d+,?\d*\})+\$$/;

function text({ format, pattern, maxLength }: Shape): string | undefined {
  if (format === 'date-time') return INSTANT;
  if (pattern === ID_PATTERN.source) return id(Math.min(maxLength ?? 100, 100));
  if (format !== undefined || maxLength === undefined)
    return pattern === undefined ? undefined : within(pattern, 10_000);
  return pattern === undefined ? jsonText(1, maxLength) : within(pattern, maxLength);
}

function within(pattern: string, most: number): string | undefined {
  return PLAIN_PATTERN.test(pattern) ? `"(?=[^"]{0,${most}}")(?:${pattern.slice(1, -1)})"` : undefined;
}

/** Integers within what a number holds exactly; an upper bound only where digits alone can tell it. */
function number({ type, minimum, maximum }: Shape): string | undefined {
  const isBothSides = minimum === undefined || (maximum !== undefined && minimum === -maximum);
  if (!isBothSides && minimum !== 0) return undefined;
  // Less than nothing, and not nothing: -0 is written as 0.
  const sign = isBothSides ? '(?:-(?=[0.]*[1-9]))?' : '';
  const isInteger = type === 'integer';
  const fraction = isInteger ? '' : '(?:\\.\\d{1,20})?';
  if (maximum === undefined || maximum === Number.MAX_SAFE_INTEGER)
    return `${sign}(?:0|[1-9]\\d{0,14})${fraction}${isInteger ? '' : '(?:e[+-]?\\d{1,2})?'}`;
  const digits = Math.log10(maximum);
  if (!Number.isInteger(digits)) return undefined;
  const below = digits === 0 ? '0' : `(?:0|[1-9]\\d{0,${digits - 1}})`;
  const tiny = isInteger ? '' : `|[1-9]${fraction}e-[1-9]\\d{0,1}`;
  return `${sign}(?:${maximum}|${below}${fraction}${tiny})`;
}

function list({ items, minItems = 0, maxItems }: Shape): string | undefined {
  const item = items === undefined ? undefined : patternOf(items);
  if (item === undefined || minItems > 1) return undefined;
  const most = maxItems === undefined ? '' : Math.max(0, maxItems - 1);
  return `\\[(?:${item}(?:,${item}){0,${most}})${minItems === 1 ? '' : '?'}\\]`;
}

/** Where every member may be missing, each can be the first. */
function object({ properties = {}, required = [] }: Shape): string | undefined {
  const entries = Object.entries(properties);
  if (required.length === 0) {
    const firsts = entries.map(([key], at) => members(Object.fromEntries(entries.slice(at)), new Set([key])));
    return firsts.includes(undefined) ? undefined : `\\{(?:${firsts.join('|')})?\\}`;
  }
  const inner = members(properties, new Set(required));
  return inner === undefined ? undefined : `\\{${inner}\\}`;
}

/**
 * The members of an object in the order of its schema.
 * @param before what stands before them; undefined at the beginning, where the first required one has no comma
 */
function members(
  properties: Readonly<Record<string, Shape>>,
  required: ReadonlySet<string>,
  before?: '',
): string | undefined {
  let begun = before !== undefined;
  const parts: string[] = [];
  for (const [key, shape] of Object.entries(properties)) {
    const pattern = patternOf(shape);
    if (pattern === undefined && required.has(key)) return undefined;
    if (pattern === undefined) continue;
    const member = `"${key}":${pattern}`;
    if (required.has(key)) parts.push(begun ? `,${member}` : member);
    else parts.push(begun ? `(?:,${member})?` : `(?:${member},)?`);
    begun ||= required.has(key);
  }
  return begun ? parts.join('') : undefined;
}

/** Each name is looked for in the rest of the line. */
const MOST_KEYS = 64;

/** A map from names to values. A name twice is not taken as it is: readers differ on which one counts. */
function record({ propertyNames, additionalProperties }: Shape): string | undefined {
  const key = propertyNames === undefined ? undefined : patternOf(propertyNames);
  const value = additionalProperties ? patternOf(additionalProperties) : undefined;
  if (key === undefined || value === undefined) return undefined;
  return `\\{(?:(?<key>${key}):${value}(?!.*,\\k<key>:)(?:,(?=")|(?=\\}))){0,${MOST_KEYS}}\\}`;
}
