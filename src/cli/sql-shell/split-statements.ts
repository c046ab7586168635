export interface SplitSql {
  /** Whole statements, from their first word and without their semicolon, and where in the text each begins. */
  readonly statements: readonly { readonly sql: string; readonly start: number }[];
  /** The statement that is not whole yet; empty when nothing but blanks and whole comments is left. */
  readonly rest: string;
  /** Where the rest begins. */
  readonly restStart: number;
  /** What the text ends in the middle of: a semicolon there would end nothing, and no word there is SQL. */
  readonly open: 'string' | 'name' | 'dollar' | 'comment' | undefined;
}

/**
 * Cuts text into statements at the semicolons that end one: not those in strings, quoted names, dollar quotes or
 * comments, which may be nested, as DuckDB reads them. Comments before a statement are left out.
 */
export function splitStatements(text: string): SplitSql {
  const statements: { sql: string; start: number }[] = [];
  let start: number | undefined;
  let open: SplitSql['open'];
  for (let at = 0; at < text.length; ) {
    const { kind, end, whole } = tokenAt(text, at);
    if (!whole) open = openKinds[kind];
    if (kind === 'semicolon') {
      if (start !== undefined) statements.push({ sql: text.slice(start, at).trimEnd(), start });
      start = undefined;
    } else if (!whole || (kind !== 'blank' && kind !== 'comment')) {
      start ??= at;
    }
    at = end;
  }
  return { statements, rest: text.slice(start ?? text.length), restStart: start ?? text.length, open };
}

type Kind = 'blank' | 'comment' | 'string' | 'name' | 'dollar' | 'word' | 'semicolon' | 'sign';

interface Token {
  readonly kind: Kind;
  readonly end: number;
  /** False when the text ends before it does. */
  readonly whole: boolean;
}

/** A comment to the end of the line counts as open too when the line has none. */
const openKinds: Readonly<Partial<Record<Kind, SplitSql['open']>>> = {
  comment: 'comment',
  string: 'string',
  name: 'name',
  dollar: 'dollar',
};

const BLANK = /\s+/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

function tokenAt(text: string, at: number): Token {
  const first = text[at] ?? '';
  if (first === ';') return { kind: 'semicolon', end: at + 1, whole: true };
  if (first === "'") return quoted(text, at, "'", 'string');
  if (first === '"') return quoted(text, at, '"', 'name');
  if (text.startsWith('--', at)) return lineComment(text, at);
  if (text.startsWith('/*', at)) return blockComment(text, at);
  if ((first === 'e' || first === 'E') && text[at + 1] === "'") return escaped(text, at + 1);
  const dollar = first === '$' ? match(DOLLAR, text, at) : undefined;
  if (dollar !== undefined) return upTo(text, dollar, at + dollar.length, 'dollar');
  const blank = match(BLANK, text, at);
  if (blank !== undefined) return { kind: 'blank', end: at + blank.length, whole: true };
  // Taken whole: a dollar or an e within a word begins nothing.
  const word = match(WORD, text, at);
  return { kind: word === undefined ? 'sign' : 'word', end: at + (word?.length ?? 1), whole: true };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A doubled quote is part of the text. */
function quoted(text: string, at: number, quote: string, kind: Kind): Token {
  let end = at + 1;
  for (;;) {
    const close = text.indexOf(quote, end);
    if (close === -1) return { kind, end: text.length, whole: false };
    end = close + 1;
    if (text[end] !== quote) return { kind, end, whole: true };
    end += 1;
  }
}

/** As E'...' has it: what follows a backslash ends nothing. */
function escaped(text: string, at: number): Token {
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === "'" && text[end + 1] === "'") end += 1;
    else if (text[end] === "'") return { kind: 'string', end: end + 1, whole: true };
  }
  return { kind: 'string', end: text.length, whole: false };
}

function lineComment(text: string, at: number): Token {
  const rest = text.slice(at).search(/[\n\r]/);
  return rest === -1
    ? { kind: 'comment', end: text.length, whole: false }
    : { kind: 'comment', end: at + rest, whole: true };
}

function blockComment(text: string, at: number): Token {
  let depth = 0;
  const edges = /\/\*|\*\//g;
  edges.lastIndex = at;
  for (let edge = edges.exec(text); edge !== null; edge = edges.exec(text)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return { kind: 'comment', end: edges.lastIndex, whole: true };
  }
  return { kind: 'comment', end: text.length, whole: false };
}

function upTo(text: string, close: string, from: number, kind: Kind): Token {
  const found = text.indexOf(close, from);
  return found === -1
    ? { kind, end: text.length, whole: false }
    : { kind, end: found + close.length, whole: true };
}
