import { showText } from '../contracts/issue.ts';
import { badPrompt } from './bad-prompt.ts';
import { checkTemplate } from './check-template.ts';
import { dataOnly } from './data-only.ts';
import type { PromptFile } from './prompt-file.ts';
import { loadTemplateEngine } from './template-engine.ts';

/** Fills the variables into a prompt's body. Throws `bad-prompt` with the line. */
export async function renderTemplate(
  file: PromptFile,
  variables: Readonly<Record<string, unknown>>,
): Promise<string> {
  const engine = await loadTemplateEngine();
  const data = dataOnly(file.path, variables);
  try {
    const issues = checkTemplate(engine.parse(file.body), file, engine.filterNames);
    if (issues.length > 0) throw badPrompt(file.path, issues);
    return engine.render(file.body, data).trimEnd();
  } catch (error) {
    const place = placeOf(error);
    if (place === undefined) throw error;
    const lines = file.body.split('\n');
    // What is never closed is missed at the end.
    const line = Math.min(place.line ?? lines.length, lines.length);
    const expected = `a template that can be filled in at ${showText(lines[line - 1]?.trim() ?? '')}`;
    const found = showText(place.words);
    throw badPrompt(file.path, [{ line: line + file.bodyLine - 1, field: '', expected, found }]);
  }
}

/** Where the template engine gave up, counted from 1 in the body; undefined for an error of another kind. */
function placeOf(error: unknown): { line?: number; words: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const found = /\[Line (\d+), Column \d+\]\s*(?:Error: )?([^\n]*)/.exec(error.message);
  if (found !== null) return { line: Number(found[1]), words: found[2] ?? '' };
  if (error.name !== 'Template render error') return undefined;
  const line = 'lineno' in error && typeof error.lineno === 'number' ? error.lineno : undefined;
  return { ...(line === undefined ? {} : { line }), words: error.message };
}
