import { isNode, LineCounter, parseDocument } from 'yaml';
import { type ParseResult, unreadable } from './parsed.ts';

/**
 * One YAML 1.2 document with places. Duplicate keys are errors, aliases are bounded, no custom tags.
 * `firstLine` is the line of the file at which the text starts, for front matter.
 */
export function parseYaml(text: string, firstLine = 1): ParseResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number) => lines.linePos(offset).line + firstLine - 1;
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    const found = problem.message.split('\n')[0] ?? problem.code;
    return unreadable({ line: place(problem.pos[0]), field: '', expected: 'valid YAML', found });
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
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
