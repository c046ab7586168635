import { isMap, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Plain } from './yaml-edit-data.ts';
import { entryLines, indented, itemLines, type RenderStyle } from './yaml-render.ts';
import {
  contentEnd,
  entryEnd,
  entryStart,
  isBlockScalar,
  isFilledNode,
  itemNode,
  rangeOf,
  type Slot,
  slotExtent,
  tailEnd,
} from './yaml-slot.ts';
import { columnOf, commentsIn, lineEnd, lineStart, type YamlSource } from './yaml-source.ts';

type Holder = YAMLMap | YAMLSeq;

/** Adds an entry behind the last one of the block map or block sequence in `slot`; sequences ignore `key`. */
export function insertInBlock(
  source: YamlSource,
  slot: Slot & { node: Holder },
  key: unknown,
  value: Plain,
  style: RenderStyle,
): string {
  const { text, eol } = source;
  const column = columnOf(text, entryStart(source, slot.node, 0));
  const outer = slot.holder ? slotExtent(source, slot).column : column;
  const at = tailEnd(text, contentEnd(source, slot.node), outer);
  const lines = isMap(slot.node)
    ? entryLines(key, value, style)
    : itemLines(value, dashGap(source, slot.node), style);
  const added = indented(lines, column).map((line) => eol + line);
  return text.slice(0, at) + added.join('') + text.slice(at);
}

function dashGap(source: YamlSource, holder: Holder): string {
  const dash = entryStart(source, holder, holder.items.length - 1) + 1;
  const behind = source.text.slice(dash, lineEnd(source.text, dash));
  return /^ +(?=[^ #])/.exec(behind)?.[0] ?? ' ';
}

/** Removes one of several entries of a block map or block sequence. Its comments stay, as lines of their own. */
export function removeFromBlock(source: YamlSource, holder: Holder, index: number): string {
  const start = entryStart(source, holder, index);
  const isOnOwnLine = source.text.slice(lineStart(source.text, start), start).trim() === '';
  return isOnOwnLine ? withoutLines(source, holder, index, start) : withoutFirst(source, holder, start);
}

function withoutLines(source: YamlSource, holder: Holder, index: number, start: number): string {
  const { text, eol } = source;
  const end = lineEnd(text, entryEnd(source, holder, index));
  const column = columnOf(text, start);
  const before = text.slice(0, lineStart(text, start));
  const after = shallower(text.slice(end), column);
  const comments = indented(commentsIn(source, start, end), column);
  if (comments.length > 0) return before + comments.join(eol) + after;
  const isBelowKept = index > 0 && endsWithKept(source, itemNode(holder, index - 1));
  if (isBelowKept) return before + withoutBlankLines(after).replace(/^\r?\n/, '');
  return after === '' ? before.replace(/\r?\n$/, '') : before + after.replace(/^\r?\n/, '');
}

// Empty lines that come to stand below a block scalar with a plus would become a part of it.
function withoutBlankLines(rest: string): string {
  return rest.replace(/^(\r?\n[ \t]*)+(?=\r?\n|$)/, '');
}

function endsWithKept(source: YamlSource, node: Node | null): boolean {
  if (isFilledNode(node) && !node.flow) return endsWithKept(source, itemNode(node, node.items.length - 1));
  return isBlockScalar(node) && /^[|>]\d?\+/.test(source.text.slice(rangeOf(node)[0]));
}

// Comments that belonged to the removed entry could otherwise become text of a block scalar above them.
function shallower(rest: string, column: number): string {
  const lines = rest.split('\n');
  const stop = lines.findIndex((line) => !/^[ \t]*(#|\r?$)/.test(line));
  const notes = lines.slice(0, stop === -1 ? lines.length : stop);
  const moved = notes.map((line) =>
    /^[ \t]*#/.test(line) ? line.slice(Math.max(0, line.search('#') - column)) : line,
  );
  return [...moved, ...lines.slice(notes.length)].join('\n');
}

// The first entry shares its line with a dash: the next entry moves up to it, unless a comment is in between.
function withoutFirst(source: YamlSource, holder: Holder, start: number): string {
  const { text, eol } = source;
  const next = entryStart(source, holder, 1);
  if (commentsIn(source, start, next).length === 0) return text.slice(0, start) + text.slice(next);
  const end = lineEnd(text, entryEnd(source, holder, 0));
  const [first, ...rest] = commentsIn(source, start, end);
  const lines = indented(rest, columnOf(text, start)).map((line) => eol + line);
  const dash = text.slice(0, start).trimEnd();
  return dash + (first ? ` ${first}` : '') + lines.join('') + text.slice(end);
}
