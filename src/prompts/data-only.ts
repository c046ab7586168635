import { z } from 'zod';
import { showPath } from '../contracts/issue.ts';
import { badPrompt } from './bad-prompt.ts';

const json = z.json();

/** Texts, numbers, truth values, lists and plain objects, as copies: nothing with behaviour gets into a template. */
export function dataOnly(
  path: string,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const issues = Object.entries(variables).flatMap(([name, value]) => {
    const fits = value === undefined || json.safeParse(value).success;
    const expected = 'texts, numbers, lists and plain objects only';
    return fits ? [] : [{ field: showPath([name]), expected, found: 'something else' }];
  });
  if (issues.length > 0) throw badPrompt(path, issues);
  return structuredClone(variables);
}
