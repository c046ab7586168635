import type { z } from 'zod';
import { badAnswer } from './bad-answer.ts';

const MOST_PROBLEMS = 3;

/** The used fields of an answer. Throws `github-bad-answer`, which names the fields but shows nothing of them. */
export function readShape<Schema extends z.ZodType>(
  shape: Schema,
  data: unknown,
  question: { readonly action: string; readonly repeatable: boolean },
): z.infer<Schema> {
  const parsed = shape.safeParse(data);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.slice(0, MOST_PROBLEMS).map(placeOf);
  throw badAnswer(places.join('; '), question);
}

/** Values are left out: what stands there is of unknown origin. */
function placeOf(issue: z.core.$ZodIssue): string {
  const place = issue.path.length === 0 ? 'the answer' : issue.path.join('.');
  return issue.code === 'invalid_type' ? `${place} is no ${issue.expected}` : `${place} is not as expected`;
}
