import { isCollection, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Plain } from './yaml-edit-data.ts';
import {
  blockLines,
  childStep,
  flowText,
  type InlineText,
  indented,
  inlineText,
  isFilled,
  type RenderStyle,
  type ScalarManner,
} from './yaml-render.ts';
import {
  isBlockScalar,
  isFilledNode,
  rangeOf,
  type Slot,
  type SlotExtent,
  slotExtent,
  tailEnd,
} from './yaml-slot.ts';
import { columnOf, commentsIn, lineEnd, lineStart, type YamlSource } from './yaml-source.ts';

type Filled = Plain[] | Map<unknown, Plain>;

/** What one replacement works with. */
interface Job {
  readonly source: YamlSource;
  readonly slot: Slot;
  readonly extent: SlotExtent;
  readonly style: RenderStyle;
}

/** The text with the value of a slot replaced, for slots that are not inside `[]` or `{}`. */
export function replaceInBlock(source: YamlSource, slot: Slot, value: Plain, style: RenderStyle): string {
  if (isUnwritten(slot)) return withFirstValue(source, value, style);
  const job: Job = { source, slot, extent: slotExtent(source, slot), style };
  const isFlow = isFilledNode(slot.node) && slot.node.flow === true;
  if (isFilled(value) && !isFlow) return withBlock(job, value);
  const text = isFilled(value) ? { head: flowText(value, style), body: [] } : scalarText(job, value);
  return canStayInPlace(job) ? withInlineInPlace(job, text) : withInlineBehind(job, text);
}

function isUnwritten({ holder, node }: Slot): boolean {
  if (node === null) return true;
  return !holder && isScalar(node) && node.source === '' && !node.anchor && !node.tag;
}

// A document of comments alone: they are what stands above the first entry.
function withFirstValue({ text, tokens, eol }: YamlSource, value: Plain, style: RenderStyle): string {
  const at = tokens.find(({ type }) => type === 'doc-end')?.start ?? text.length;
  const before = text.slice(0, at);
  const { head, body } = inlineText(value, 2, style);
  const lines = isFilled(value) ? blockLines(value, style) : [head, ...body];
  const start = before === '' || before.endsWith('\n') ? '' : eol;
  const end = at < text.length || text === '' || text.endsWith('\n') ? eol : '';
  return before + start + lines.join(eol) + end + text.slice(at);
}

function withBlock(job: Job, value: Filled): string {
  if (job.extent.ownLine) return withBlockBelow(job, value);
  return hasComments(job) || !isSeq(job.slot.holder)
    ? withBlockBehind(job, value)
    : withCompactBlock(job, value);
}

// The lines between the key and the value stay as they are.
function withBlockBelow({ source, slot, extent, style }: Job, value: Filled): string {
  const { text, eol } = source;
  const [from, to] = [lineStart(text, extent.start), lineEnd(text, extent.end)];
  const isSameKind = Array.isArray(value) ? isSeq(slot.node) : isMap(slot.node);
  const column =
    isSameKind || !slot.holder ? columnOf(text, extent.start) : childColumn({ slot, extent, style }, value);
  const lines = [...commentsIn(source, from, to), ...blockLines(value, style)];
  return text.slice(0, from) + indented(lines, column).join(eol) + text.slice(to);
}

function withBlockBehind(job: Job, value: Filled): string {
  const { source, extent, style } = job;
  const { tail, comments } = commentsBehind(job);
  const column = childColumn(job, value);
  const to = lineEnd(source.text, extent.end);
  const own = source.text.slice(to, tailEnd(source.text, to, extent.column));
  const start = source.text.slice(0, extent.indicatorEnd) + tail + below(job, comments, column);
  return start + own + below(job, blockLines(value, style), column) + source.text.slice(to + own.length);
}

// `- key: value`, with the first entry on the line of the dash.
function withCompactBlock(job: Job, value: Filled): string {
  const { text } = job.source;
  const { indicatorEnd, start, end, column } = job.extent;
  const gap = text.slice(indicatorEnd, start) || ' ';
  const [first, ...rest] = blockLines(value, job.style);
  const lines = `${gap}${first}${below(job, rest, column + 1 + gap.length)}`;
  return text.slice(0, indicatorEnd) + lines + text.slice(lineEnd(text, end));
}

function canStayInPlace({ source, slot, extent }: Job): boolean {
  if (isBlockScalar(slot.node)) return true;
  const isBlock = isCollection(slot.node) && !slot.node.flow;
  return !isBlock && commentsIn(source, extent.start, extent.end).length === 0;
}

function withInlineInPlace(job: Job, { head, body }: InlineText): string {
  const { text, tokens } = job.source;
  const { indicatorEnd, start, end, column } = job.extent;
  const header = isBlockScalar(job.slot.node)
    ? tokens.find(({ type, start: at }) => type === 'block-scalar-header' && at >= start)
    : undefined;
  const tailStart = header?.end ?? end;
  const tail = text.slice(tailStart, lineEnd(text, tailStart));
  const lead = start === indicatorEnd ? ' ' : '';
  return (
    text.slice(0, start) + lead + head + tail + below(job, body, column) + text.slice(lineEnd(text, end))
  );
}

function withInlineBehind(job: Job, inline: InlineText): string {
  const { source, extent } = job;
  const { indicatorEnd, start, end, column, ownLine } = extent;
  if (ownLine && indicatorEnd !== -1 && inline.body.length === 0) return withInlineAbove(job, inline.head);
  const { tail, comments } = commentsBehind(job);
  const front = indicatorEnd === -1 ? source.text.slice(0, start) : `${source.text.slice(0, indicatorEnd)} `;
  const noteColumn = inline.body.length > 0 || indicatorEnd === -1 ? column : column + 2;
  const lines = below(job, inline.body, column) + below(job, comments, noteColumn);
  return front + inline.head + tail + lines + source.text.slice(lineEnd(source.text, end));
}

// The lines between the key and the old value stay as they are.
function withInlineAbove(job: Job, head: string): string {
  const { source, extent } = job;
  const { text } = source;
  const { indicatorEnd, start, end } = extent;
  const firstLine = lineStart(text, start);
  const between = text.slice(indicatorEnd, firstLine).replace(/\r?\n$/, '');
  const notes = below(job, commentsIn(source, firstLine, lineEnd(text, end)), columnOf(text, start));
  return `${text.slice(0, indicatorEnd)} ${head}${between}${notes}${text.slice(lineEnd(text, end))}`;
}

// The comment on the line of the key or dash can stay there; the others get lines of their own.
function commentsBehind({ source, extent }: Job): { tail: string; comments: string[] } {
  const { text } = source;
  const from = extent.indicatorEnd === -1 ? extent.start : extent.indicatorEnd;
  const firstLineEnd = extent.indicatorEnd === -1 ? from : lineEnd(text, from);
  const { tokens } = source;
  const inline = tokens.find(
    ({ type, start }) => type === 'comment' && start >= from && start < firstLineEnd,
  );
  const blanks = inline && /[ \t]*$/.exec(text.slice(from, inline.start))?.[0];
  return {
    tail: inline ? `${blanks}${text.slice(inline.start, inline.end)}` : '',
    comments: commentsIn(source, firstLineEnd, lineEnd(text, extent.end)),
  };
}

function hasComments(job: Job): boolean {
  const { tail, comments } = commentsBehind(job);
  return tail !== '' || comments.length > 0;
}

function scalarText({ source, slot, style }: Job, value: Plain): InlineText {
  return inlineText(value, isSeq(slot.holder) ? 2 : style.mapStep, style, mannerOf(source, slot.node));
}

/** How an old string is written, for the string that takes its place. */
export function mannerOf({ text }: YamlSource, node: Node | null): ScalarManner | undefined {
  if (!isScalar(node) || typeof node.value !== 'string' || !node.type) return undefined;
  const [start, end] = rangeOf(node);
  const lines = text.slice(start, end).split('\n').slice(1);
  return { type: node.type, width: Math.max(0, ...lines.map((line) => line.trim().length)) };
}

function childColumn({ slot, extent, style }: Pick<Job, 'slot' | 'extent' | 'style'>, value: Plain): number {
  if (!slot.holder) return 0;
  return extent.column + (isSeq(slot.holder) ? 2 : childStep(value, style));
}

function below({ source }: Pick<Job, 'source'>, lines: readonly string[], column: number): string {
  return indented(lines, column)
    .map((line) => source.eol + line)
    .join('');
}
