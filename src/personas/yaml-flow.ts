import { isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import { mannerOf } from './yaml-block-replace.ts';
import type { Plain } from './yaml-edit-data.ts';
import { flowEntry, flowText, type RenderStyle } from './yaml-render.ts';
import { entryEnd, itemNode, keyNode, rangeOf, type Slot, slotExtent } from './yaml-slot.ts';
import {
  commentsIn,
  indicatorBefore,
  lineEnd,
  lineStart,
  type YamlSource,
  type YamlToken,
} from './yaml-source.ts';

type Holder = YAMLMap | YAMLSeq;

/** The text with the value of a slot inside `[]` or `{}` replaced. */
export function replaceInFlow(source: YamlSource, slot: Slot, value: Plain, style: RenderStyle): string {
  const { text } = source;
  const written = flowText(value, style, mannerOf(source, slot.node));
  const key = slot.holder && !slot.node ? keyNode(slot.holder, slot.index) : null;
  if (key) return `${text.slice(0, rangeOf(key)[1])}: ${written}${text.slice(rangeOf(key)[1])}`;
  const { indicatorEnd, start, end } = slotExtent(source, slot);
  const lead = start === indicatorEnd && isMap(slot.holder) ? ' ' : '';
  return joined(source, text.slice(0, start) + lead + written, commentsIn(source, start, end), end);
}

/** Adds an entry behind the last one of a flow map or flow sequence; sequences ignore `key`. */
export function insertInFlow(
  source: YamlSource,
  holder: Holder,
  key: unknown,
  value: Plain,
  style: RenderStyle,
) {
  const { text, eol } = source;
  const written = isMap(holder) ? flowEntry(key, value, style) : flowText(value, style);
  const last = holder.items.length - 1;
  const start = itemStart(source, holder, last);
  const end = entryEnd(source, holder, last);
  const stop = lineEnd(text, end);
  const rest = /^([ \t]*,)?([ \t]*|[ \t]+#.*)$/.exec(text.slice(end, stop));
  const indent = text.slice(lineStart(text, start), start);
  if (!rest || indent.trim() !== '') return `${text.slice(0, end)}, ${written}${text.slice(end)}`;
  const [, comma, comment] = rest;
  const line = `${eol}${indent}${written}${comma ? ',' : ''}`;
  return `${text.slice(0, end)}${comma ?? ','}${comment}${line}${text.slice(stop)}`;
}

/** Removes an entry of a flow map or flow sequence with one of the commas beside it. Comments stay. */
export function removeFromFlow(source: YamlSource, holder: Holder, index: number): string {
  const isLast = holder.items.length === 1 && commentsIn(source, ...spanOf(holder)).length === 0;
  if (isLast) return emptied(source, holder);
  const [start, end] = [itemStart(source, holder, index), entryEnd(source, holder, index)];
  const next = source.tokens.find((token) => token.start >= end && !BLANK.has(token.type));
  const comma = next?.type === 'comma' ? next : undefined;
  const front = comma ? source.text.slice(0, start) : withoutLastComma(source, start);
  const cut = comma?.end ?? end;
  const isSpaced = /\s$/.test(front);
  const rest = comma || isSpaced ? afterBlanks(source.text, cut) : cut;
  const isGlued = source.text[rest] === '#' && !isSpaced;
  return joined(source, front, commentsIn(source, start, cut), isGlued ? cut : rest);
}

const BLANK = new Set(['space', 'newline', 'comment']);

function afterBlanks(text: string, offset: number): number {
  return offset + (/^[ \t]*/.exec(text.slice(offset))?.[0].length ?? 0);
}

function withoutLastComma(source: YamlSource, start: number): string {
  const { text } = source;
  const comma = separatorBefore(source, start);
  if (comma?.type !== 'comma') return text.slice(0, start);
  const between = text.slice(comma.end, start);
  return text.slice(0, comma.start) + (/^[ \t]*$/.test(between) ? '' : between);
}

function emptied({ text }: YamlSource, holder: Holder): string {
  const [start, end] = spanOf(holder);
  return text.slice(0, start) + (isMap(holder) ? '{}' : '[]') + text.slice(end);
}

function spanOf(holder: Holder): [number, number] {
  const [start, end] = rangeOf(holder);
  return [start, end];
}

function itemStart(source: YamlSource, holder: Holder, index: number): number {
  const node = keyNode(holder, index) ?? itemNode(holder, index);
  const position = node ? rangeOf(node)[0] : source.text.length;
  const from = separatorBefore(source, position)?.end ?? 0;
  return source.tokens.find((token) => token.start >= from && !BLANK.has(token.type))?.start ?? position;
}

function separatorBefore(source: YamlSource, offset: number): YamlToken | undefined {
  const token = indicatorBefore(source, offset);
  return token?.type === 'explicit-key-ind' ? separatorBefore(source, token.start) : token;
}

// Puts the kept comments between both parts, each on a line of its own, and leaves no line blank.
function joined(source: YamlSource, front: string, comments: readonly string[], restStart: number): string {
  const { text, eol } = source;
  const rest = text.slice(restStart).replace(/^[ \t]+/, '');
  const isLineOver = /^(\r?\n|$)/.test(rest);
  if (comments.length > 0) {
    const line = text.slice(lineStart(text, restStart));
    const lineBreak = eol + (/^[ \t]*/.exec(line)?.[0] ?? '');
    const notes = comments.join(lineBreak) + (isLineOver ? '' : lineBreak);
    return front + (/\s$/.test(front) ? '' : ' ') + notes + rest;
  }
  if (isLineOver && /\n[ \t]*$/.test(front)) return front.replace(/[ \t]+$/, '') + rest.replace(/^\r?\n/, '');
  if (isLineOver) return front.trimEnd() + rest;
  return front + text.slice(restStart);
}
