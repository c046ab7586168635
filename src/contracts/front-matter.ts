import matter from 'gray-matter';
import { type ParseResult, unreadable } from './parsed.ts';
import { parseYaml } from './yaml-text.ts';

/**
 * Markdown with YAML front matter. gray-matter only finds the block: every engine is replaced, because
 * its JavaScript engine would run code from the file, and because we want our own YAML errors with lines.
 */
export function parseFrontMatter(text: string): ParseResult {
  let block: string | undefined;
  let language = 'yaml';
  const capture = { parse: (raw: string) => ({ captured: keep(raw) }) };
  const refuse = (name: string) => ({
    parse: () => {
      language = name;
      return {};
    },
  });
  function keep(raw: string): boolean {
    block = raw;
    return true;
  }
  let file: { content: string };
  try {
    const engines = {
      yaml: capture,
      json: refuse('json'),
      js: refuse('js'),
      javascript: refuse('javascript'),
    };
    file = matter(text, { engines });
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return unreadable({ line: 1, field: '', expected: 'YAML front matter between two lines of ---', found });
  }
  if (language !== 'yaml') {
    return unreadable({
      line: 1,
      field: '',
      expected: 'YAML front matter',
      found: `front matter in ${language}`,
    });
  }
  if (block === undefined) {
    const expected = 'front matter between two lines of --- at the top';
    return unreadable({ line: 1, field: '', expected, found: JSON.stringify(text.slice(0, 40)) });
  }
  const parsed = parseYaml(block.replace(/^\r?\n/, ''), 2);
  return parsed.ok ? { ...parsed, body: file.content.trim() } : parsed;
}
