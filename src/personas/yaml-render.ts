import { Document, Scalar, type ToStringOptions } from 'yaml';
import type { Plain } from './yaml-edit-data.ts';

/** How new text is to look. Steps are columns, relative to the column of the key that holds the value. */
export interface RenderStyle {
  readonly mapStep: number;
  readonly seqStep: number;
  /**
   * `kept` writes a new string like the one that it replaces, where it can. `flat` puts strings of several
   * lines between double quotes, on one line. `double` does so with every string.
   */
  readonly quoting: 'kept' | 'flat' | 'double';
}

/** A value that starts behind `key:` or `-`; the body lines are relative to the column of the key or dash. */
export interface InlineText {
  readonly head: string;
  readonly body: readonly string[];
}

/** What an old scalar hands on to the one that replaces it. */
export interface ScalarManner {
  readonly type: Scalar.Type;
  /** Characters of the longest line without its indentation; counts for folded scalars only. */
  readonly width: number;
}

/** True when the value is written as lines of its own: a map or sequence that has entries. */
export function isFilled(value: Plain): value is Plain[] | Map<unknown, Plain> {
  if (value instanceof Map) return value.size > 0;
  return Array.isArray(value) && value.length > 0;
}

/** The lines of a map or sequence with entries, relative to the column where it starts. */
export function blockLines(value: Plain[] | Map<unknown, Plain>, style: RenderStyle): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => itemLines(item, ' ', style));
  return [...value].flatMap(([key, item]) => entryLines(key, item, style));
}

export function entryLines(key: unknown, value: Plain, style: RenderStyle): string[] {
  const start = keyText(key, style);
  if (isFilled(value)) return [start, ...indented(blockLines(value, style), childStep(value, style))];
  const { head, body } = inlineText(value, style.mapStep, style);
  return [`${start} ${head}`, ...body];
}

/** `gap` is the white space between the dash and the value. */
export function itemLines(value: Plain, gap: string, style: RenderStyle): string[] {
  const step = 1 + gap.length;
  if (!isFilled(value)) {
    const { head, body } = inlineText(value, step, style);
    return [`-${gap}${head}`, ...body];
  }
  const [first, ...rest] = blockLines(value, style);
  return [`-${gap}${first}`, ...indented(rest, step)];
}

export function childStep(value: Plain, style: RenderStyle): number {
  return Array.isArray(value) ? style.seqStep : style.mapStep;
}

/** Renders scalars and empty collections; `step` is how far lines of a block scalar are indented. */
export function inlineText(
  value: Plain,
  step: number,
  style: RenderStyle,
  manner?: ScalarManner,
): InlineText {
  if (typeof value !== 'string') return { head: flowText(value, style), body: [] };
  const scalar = scalarNode(value, style, manner);
  const isFolded = scalar.type === 'BLOCK_FOLDED' && manner !== undefined;
  const lineWidth = isFolded ? Math.max(manner.width, MIN_FOLD_WIDTH) + step : 0;
  const text = printed(new Map([['k', scalar]]), { indent: step, lineWidth });
  const [head = '', ...body] = text.slice('k: '.length).replace(/\n$/, '').split('\n');
  // The library always writes 2 as the indentation indicator, whatever the indentation is.
  return { head: head.replace(/^([|>])2/, `$1${step}`), body: body.map((line) => trimPadding(line, step)) };
}

/** The value on one line, the way it can stand inside `[]` and `{}`. */
export function flowText(value: Plain, style: RenderStyle, manner?: ScalarManner): string {
  if (Array.isArray(value)) return `[${value.map((item) => flowText(item, style)).join(', ')}]`;
  if (value instanceof Map)
    return `{${[...value].map(([key, item]) => flowEntry(key, item, style)).join(', ')}}`;
  const scalar = typeof value === 'string' ? scalarNode(value, style, manner) : value;
  if (scalar instanceof Scalar && scalar.value.includes('\n')) scalar.type = 'QUOTE_DOUBLE';
  return printed([scalar], { collectionStyle: 'flow', flowCollectionPadding: false }).slice(1, -2);
}

/** One `key: value` the way it can stand inside `{}`. */
export function flowEntry(key: unknown, value: Plain, style: RenderStyle): string {
  return `${flowText(asKey(key), style)}: ${flowText(value, style)}`;
}

export function indented(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(columns) + line));
}

const MIN_FOLD_WIDTH = 40;

function keyText(key: unknown, style: RenderStyle): string {
  const plain = asKey(key);
  const node = typeof plain === 'string' ? scalarNode(plain, style) : plain;
  return printed(new Map([[node, 0]]), { simpleKeys: true }).slice(0, -' 0\n'.length);
}

function asKey(key: unknown): Plain {
  return typeof key === 'number' || typeof key === 'boolean' ? key : String(key);
}

function scalarNode(value: string, style: RenderStyle, manner?: ScalarManner): Scalar<string> {
  const scalar = new Scalar(value);
  const type = scalarType(value, style, manner);
  if (type) scalar.type = type;
  return scalar;
}

function scalarType(value: string, style: RenderStyle, manner?: ScalarManner): Scalar.Type | undefined {
  const hasLines = value.includes('\n');
  if (style.quoting === 'double' || (style.quoting === 'flat' && hasLines)) return 'QUOTE_DOUBLE';
  if (style.quoting !== 'kept' || value === '') return undefined;
  // Between single quotes line breaks have to be doubled, and plain text would hide them: neither is a help.
  const isClumsy = hasLines && (manner?.type === 'QUOTE_SINGLE' || manner?.type === 'PLAIN');
  return isClumsy ? undefined : manner?.type;
}

// `compat` also quotes what older readers would take for another type: yes, 1_000, 2026-01-01.
function printed(value: unknown, options: ToStringOptions): string {
  const doc = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  return doc.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER, ...options });
}

// The library indents empty lines too; nobody wants the white space, and it means nothing.
function trimPadding(line: string, step: number): string {
  return line.length <= step && line.trim() === '' ? '' : line;
}
