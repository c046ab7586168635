import { type Document, isNode, isScalar, visit } from 'yaml';
import { showPath, showText } from './issue.ts';
import { type ParseResult, unreadable } from './parsed.ts';
import { composeYaml } from './yaml-document.ts';

/**
 * One YAML 1.2 document with places. Duplicate keys are errors, aliases are bounded, no custom tags.
 * Throws RangeError for a text that is too deep, or has too many parts, to be a contract.
 * @param firstLine line of the file at which the text starts, for front matter
 */
export function parseYaml(text: string, firstLine = 1): ParseResult {
  const { document, lines, second } = composeYaml(text);
  const place = (offset: number) => lines.linePos(offset).line + firstLine - 1;
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined)
    return notYaml(place(problem.pos[0]), showText(problem.message.split('\n')[0] ?? problem.code));
  if (second !== undefined) return notYaml(place(second), 'a second document');
  const twice = firstDuplicateKey(document);
  if (twice !== undefined) {
    const field = showPath([twice.key]);
    return unreadable({ line: place(twice.offset), field, expected: 'each key once', found: 'it twice' });
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const found = showText(error instanceof Error ? error.message : String(error));
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

function notYaml(line: number, found: string): ParseResult {
  return unreadable({ line, field: '', expected: 'valid YAML', found });
}
