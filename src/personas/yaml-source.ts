import { CST, type Document, Lexer, LineCounter, parseDocument, visit } from 'yaml';
import { MillwrightError } from '../contracts/millwright-error.ts';

/** One lexical token: the half-open character range `[start, end)` of the text. */
export interface YamlToken {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** One YAML document as text, as nodes with ranges, and as tokens. All offsets count characters of `text`. */
export interface YamlSource {
  readonly text: string;
  readonly doc: Document.Parsed;
  readonly tokens: readonly YamlToken[];
  readonly eol: string;
}

/** @throws MillwrightError `yaml-edit-failed` when the text is not exactly one valid YAML document. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = doc.errors;
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    throw editFailed(`not a single valid YAML document: line ${line}: ${error.message}`, { line });
  }
  refuseLooseAliases(doc, lines);
  return { text, doc, tokens: tokensOf(text), eol: /\r?\n/.exec(text)?.[0] ?? '\n' };
}

// The library finds these only when it builds the data, if at all, and then without their line.
function refuseLooseAliases(doc: Document.Parsed, lines: LineCounter): void {
  visit(doc, {
    Alias: (_, alias) => {
      const at = alias.range?.[0] ?? 0;
      const [start, end] = alias.resolve(doc)?.range ?? [Number.POSITIVE_INFINITY, 0];
      if (start < at && at >= end) return;
      const { line } = lines.linePos(at);
      throw editFailed(`not a valid YAML document: line ${line}: no anchor for *${alias.source}`, { line });
    },
  });
}

/** The data of the document, with maps as `Map` objects in the order of the text. */
export function dataOf(source: YamlSource): unknown {
  try {
    return source.doc.toJS({ mapAsMap: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw editFailed(`its data cannot be built: ${reason}`, {}, error);
  }
}

export function editFailed(reason: string, data: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
  return new MillwrightError('yaml-edit-failed', `The YAML text cannot be edited: ${reason}`, {
    data,
    cause,
  });
}

/** The full texts of the comments that start in `[from, to)`, without blanks at their ends. */
export function commentsIn(source: YamlSource, from = 0, to = source.text.length): string[] {
  return source.tokens
    .filter((token) => token.type === 'comment' && token.start >= from && token.start < to)
    .map((token) => source.text.slice(token.start, token.end).trimEnd());
}

/**
 * The last token that ends at or before `offset` and is not one of the things that may stand
 * between an indicator (`:`, `-`, `---`, `,`) and its node: blanks, comments, anchors and tags.
 */
export function indicatorBefore(source: YamlSource, offset: number): YamlToken | undefined {
  return source.tokens.findLast((token) => token.end <= offset && !BEFORE_NODE.has(token.type));
}

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset of the line break that ends the line of `offset`, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end === -1) return text.length;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

const BEFORE_NODE = new Set(['space', 'newline', 'comment', 'anchor', 'tag']);

// The lexer marks scalars with a control character of its own, which is not part of the text.
function tokensOf(text: string): YamlToken[] {
  const tokens: YamlToken[] = [];
  let start = 0;
  let atScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type: string = atScalar ? 'scalar' : (CST.tokenType(lexeme) ?? 'error');
    const isMark: boolean = !atScalar && MARKS.has(type);
    atScalar = isMark && type === 'scalar';
    if (isMark || lexeme === '') continue;
    tokens.push({ type, start, end: start + lexeme.length });
    start += lexeme.length;
  }
  return tokens;
}

const MARKS = new Set(['scalar', 'doc-mode', 'flow-error-end']);
