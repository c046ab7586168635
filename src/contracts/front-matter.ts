import { showText } from './issue.ts';
import { type ParseResult, unreadable } from './parsed.ts';
import { parseYaml } from './yaml-text.ts';

const expected = 'YAML front matter between two lines of --- at the top';

/**
 * Markdown with YAML front matter. Nothing but YAML is ever read, and nothing is run. Both fences have to
 * be there: a file that was cut off in its front matter must not pass for a whole one.
 * @param text with line ends of LF
 */
export function parseFrontMatter(text: string): ParseResult {
  const lines = text.split('\n');
  const [first = ''] = lines;
  const language = /^---(?!-)(.*)$/.exec(first)?.[1]?.trim();
  if (language === undefined) return notThis(1, showText(JSON.stringify(first)));
  if (!['', 'yaml', 'yml'].includes(language.toLowerCase()))
    return notThis(1, `front matter in ${showText(JSON.stringify(language))}`);
  const end = lines.findIndex((line, at) => at > 0 && line.startsWith('---'));
  const closing = lines[end];
  if (closing === undefined) return notThis(1, 'no second line of ---');
  if (closing.trim() !== '---') return notThis(end + 1, showText(JSON.stringify(closing)));
  const parsed = parseYaml(lines.slice(1, end).join('\n'), 2);
  const body = lines.slice(end + 1).join('\n');
  return parsed.ok ? { ...parsed, body: body.trim() } : parsed;
}

function notThis(line: number, found: string): ParseResult {
  return unreadable({ line, field: '', expected, found });
}
