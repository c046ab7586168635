import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
  visit,
} from 'jsonc-parser';
import { type Issue, showPath, showText } from './issue.ts';
import { type ParseResult, unreadable } from './parsed.ts';

/**
 * Strict JSON with places. `JSON.parse` makes the data; the scanner of jsonc-parser only finds what
 * `JSON.parse` hides: keys that stand twice, and the line of an error.
 * Throws RangeError for data that is nested thousands of levels deep.
 */
export function parseJson(text: string): ParseResult {
  const duplicate = firstDuplicateKey(text);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return unreadable(syntaxIssue(text));
  }
  if (duplicate !== undefined) return unreadable(duplicate);
  // Made at the first question and kept: a big file with many problems asks often.
  let root: Node | undefined;
  return {
    ok: true,
    data,
    body: '',
    lineOf: (path) => {
      root ??= parseTree(text);
      const node = root && findNodeAtLocation(root, [...path]);
      return node && lineAt(text, node.offset);
    },
  };
}

function firstDuplicateKey(text: string): Issue | undefined {
  const open: Set<string>[] = [];
  let found: Issue | undefined;
  visit(text, {
    onObjectBegin: () => {
      open.push(new Set());
    },
    onObjectEnd: () => {
      open.pop();
    },
    onObjectProperty: (key, _offset, _length, line) => {
      const keys = open.at(-1);
      if (keys?.has(key))
        found ??= { line: line + 1, field: showPath([key]), expected: 'each key once', found: 'it twice' };
      keys?.add(key);
    },
  });
  return found;
}

function syntaxIssue(text: string): Issue {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first === undefined) return { line: 1, field: '', expected: 'JSON', found: 'something that is not' };
  const rest = (text.slice(first.offset, first.offset + 10_000).split('\n')[0] ?? '').trim();
  const found = rest === '' ? 'the end of the line or file' : showText(JSON.stringify(rest));
  const expected = `valid JSON (${printParseErrorCode(first.error)})`;
  return { line: lineAt(text, first.offset), field: '', expected, found };
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
