import { type Document, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { showPath, showText } from './issue.ts';
import { type ParseResult, unreadable } from './parsed.ts';

/** YAML 1.2 alone, whatever a %YAML line says: times stay text, "yes" stays a word, nothing is merged. */
const strict = {
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  // The parser holds each key against each other one: with many keys that takes minutes. See below.
  uniqueKeys: false,
  prettyErrors: false,
  // It would print warnings about the file to the terminal.
  logLevel: 'error',
} as const;

/**
 * One YAML 1.2 document with places. Duplicate keys are errors, aliases are bounded, no custom tags.
 * `firstLine` is the line of the file at which the text starts, for front matter.
 */
export function parseYaml(text: string, firstLine = 1): ParseResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...strict, lineCounter: lines });
  const place = (offset: number) => lines.linePos(offset).line + firstLine - 1;
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    const found = words(problem.code, problem.message);
    return unreadable({ line: place(problem.pos[0]), field: '', expected: 'valid YAML', found });
  }
  const twice = firstDuplicateKey(document);
  if (twice !== undefined) {
    const field = showPath([twice.key]);
    return unreadable({ line: place(twice.offset), field, expected: 'each key once', found: 'it twice' });
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const found = words('', error instanceof Error ? error.message : String(error));
    return unreadable({ line: firstLine, field: '', expected: 'YAML that expands to plain data', found });
  }
  return {
    ok: true,
    data,
    body: '',
    lineOf: (path) => {
      const node = document.getIn([...path], true);
      return isNode(node) && node.range ? place(node.range[0]) : undefined;
    },
  };
}

/** Keys become names of fields: 1 and "1" are one name. */
function firstDuplicateKey(document: Document.Parsed): { key: string; offset: number } | undefined {
  let found: { key: string; offset: number } | undefined;
  visit(document, {
    Map: (_key, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? String(key.value) : undefined;
        if (name === undefined) continue;
        if (seen.has(name)) found ??= { key: name, offset: isNode(key) ? (key.range?.[0] ?? 0) : 0 };
        seen.add(name);
      }
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found;
}

function words(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'more than one document';
  if (/call stack/i.test(message)) return 'nesting too deep to read';
  return showText(message.split('\n')[0] ?? '');
}
