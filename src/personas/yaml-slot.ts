import { isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { columnOf, indicatorBefore, lineEnd, lineStart, type YamlSource } from './yaml-source.ts';

/** A place that holds a value: the top of the document, a map entry, or a sequence item. */
export interface Slot {
  /** The map or sequence around it; undefined for the top of the document. */
  readonly holder: YAMLMap | YAMLSeq | undefined;
  readonly index: number;
  readonly node: Node | null;
  /** The slot of the holder. */
  readonly up: Slot | undefined;
}

/** Where the parts of a slot stand in the text. Offsets in characters, columns counted from 0. */
export interface SlotExtent {
  /** End of the `:`, `-` or `---` before the value; -1 when nothing introduces the top value. */
  readonly indicatorEnd: number;
  /** Start of the value with its tag and anchor. */
  readonly start: number;
  /** End of the value without the comment and the blanks behind it. */
  readonly end: number;
  /** Column of the key or dash. */
  readonly column: number;
  /** True when the value starts on a line of its own below its key or dash. */
  readonly ownLine: boolean;
}

/**
 * Walks down to the slot at `path`, or to the deepest one on the way, with the steps that are left.
 * Undefined when the way leads through an alias: that value is written somewhere else.
 */
export function findSlot(source: YamlSource, path: readonly unknown[]) {
  let slot: Slot = { holder: undefined, index: 0, node: source.doc.contents, up: undefined };
  for (const [depth, step] of path.entries()) {
    const rest = path.slice(depth);
    const { node } = slot;
    if (isEmpty(node)) return { slot, rest };
    if (!isMap(node) && !isSeq(node)) return undefined;
    const index = isMap(node)
      ? node.items.findIndex(({ key }) => isScalar(key) && key.value === step)
      : Number(step);
    if (index === -1) return { slot, rest };
    slot = { holder: node, index, node: itemNode(node, index), up: slot };
  }
  return { slot, rest: [] };
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** True for a map or sequence that has at least one entry. */
export function isFilledNode(node: Node | null): node is YAMLMap | YAMLSeq {
  return (isMap(node) || isSeq(node)) && node.items.length > 0;
}

export function isBlockScalar(node: Node | null): node is Scalar {
  return isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED);
}

export function slotExtent(source: YamlSource, slot: Slot): SlotExtent {
  const { text, tokens } = source;
  const position = slot.node ? rangeOf(slot.node)[0] : text.length;
  const indicator = indicatorBefore(source, position);
  const indicatorEnd = indicator && indicator.type !== 'directive-line' ? indicator.end : -1;
  const props = tokens.find(
    ({ type, start, end }) => isProperty(type) && start >= indicatorEnd && end <= position,
  );
  const blank = trimmedEnd(text, position);
  const isBare = !props && isScalar(slot.node) && slot.node.source === '';
  const start = isBare ? blank : (props?.start ?? position);
  return {
    indicatorEnd,
    start,
    end: Math.max(contentEnd(source, slot.node), start),
    column: slot.holder ? columnOf(text, entryStart(source, slot.holder, slot.index)) : 0,
    ownLine: lineStart(text, start) > indicatorEnd,
  };
}

/** Start of an entry of a block map or block sequence, with the properties of its key. */
export function entryStart(source: YamlSource, holder: YAMLMap | YAMLSeq, index: number): number {
  const node = isMap(holder) ? keyNode(holder, index) : itemNode(holder, index);
  const position = node ? rangeOf(node)[0] : source.text.length;
  if (isSeq(holder)) return indicatorBefore(source, position)?.start ?? position;
  const before = source.tokens.filter(({ end }) => end <= position);
  const outside = before.findLastIndex(({ type }) => !IN_FRONT_OF_KEY.has(type));
  return before.slice(outside + 1).find(({ type }) => type !== 'space')?.start ?? position;
}

/** The end of the last thing that belongs to the node, without comments, blanks and empty lines behind it. */
export function contentEnd(source: YamlSource, node: Node | null): number {
  if (node === null) return source.text.length;
  if (isFilledNode(node) && !node.flow) return entryEnd(source, node, node.items.length - 1);
  const [start, end] = rangeOf(node);
  if (!isBlockScalar(node)) return trimmedEnd(source.text, end);
  // Empty lines at the end of a block scalar count only when its header says so with a plus.
  const own = source.text.slice(start, end);
  return start + own.replace(/^[|>]\d?\+/.test(own) ? /\r?\n$/ : /(\r?\n)+$/, '').length;
}

/** The end of the content of one entry. */
export function entryEnd(source: YamlSource, holder: YAMLMap | YAMLSeq, index: number): number {
  return contentEnd(source, itemNode(holder, index) ?? keyNode(holder, index));
}

/** The end of the comment lines that follow directly and are indented deeper than `column`. */
export function tailEnd(text: string, offset: number, column: number): number {
  let end = lineEnd(text, offset);
  for (;;) {
    const [line, blanks = ''] = /^\r?\n([ \t]*)#.*/.exec(text.slice(end, nextLineEnd(text, end))) ?? [];
    if (line === undefined || blanks.length <= column) return end;
    end = nextLineEnd(text, end);
  }
}

export function rangeOf(node: Node): readonly [number, number, number] {
  if (!node.range) throw new TypeError('A parsed YAML node has a range.');
  return node.range;
}

const IN_FRONT_OF_KEY = new Set(['space', 'anchor', 'tag', 'explicit-key-ind']);

/** The value of a map entry, or a sequence item. Null for a key that has not even a colon. */
export function itemNode(holder: YAMLMap | YAMLSeq, index: number): Node | null {
  const item = holder.items[index];
  return (isMap(holder) ? holder.items[index]?.value : item) as Node | null;
}

/** The key of a map entry; null in a sequence. */
export function keyNode(holder: YAMLMap | YAMLSeq, index: number): Node | null {
  return isMap(holder) ? ((holder.items[index]?.key ?? null) as Node | null) : null;
}

function isProperty(type: string): boolean {
  return type === 'anchor' || type === 'tag';
}

function trimmedEnd(text: string, offset: number): number {
  return text.slice(0, offset).replace(/[ \t]+$/, '').length;
}

function nextLineEnd(text: string, offset: number): number {
  const next = text.indexOf('\n', offset);
  return next === -1 ? offset : lineEnd(text, next + 1);
}
