import { z } from 'zod';
import { MillwrightError } from '../../../contracts/millwright-error.ts';
import { badAnswer } from './bad-answer.ts';
import type { FailedQuestion } from './github-failure.ts';
import { told } from './told.ts';

const answer = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(z.object({ type: z.string().optional().catch(undefined), message: z.string().catch('') }))
    .optional(),
});

const MOST_REASONS = 5;

/** What the types of GraphQL's errors are called elsewhere here. */
const codes: Readonly<Record<string, string>> = {
  NOT_FOUND: 'github-not-found',
  FORBIDDEN: 'github-forbidden',
  INSUFFICIENT_SCOPES: 'github-forbidden',
  UNAUTHORIZED: 'github-unauthorized',
};

/** The `data` of a GraphQL answer. Its errors come with status 200; they throw as those of REST do. */
export function readGraphql(body: unknown, question: FailedQuestion): unknown {
  const parsed = answer.safeParse(body);
  if (!parsed.success) throw badAnswer('it is no answer of GraphQL', question);
  const { data, errors = [] } = parsed.data;
  const [first] = errors;
  if (first === undefined) return data;
  const { action, token, feature } = question;
  const reasons = errors.slice(0, MOST_REASONS).map(({ message }) => told(message, token.reveal()));
  const without = feature === undefined ? '' : `; without it there is no ${feature}`;
  const code = codes[first.type ?? ''] ?? 'github-refused';
  throw new MillwrightError(code, `could not ${action}: ${reasons.join('; ')}${without}`, {
    hint: `the words are those of GitHub; the token is the one in ${token.variable}`,
    data: {
      status: 200,
      reasons,
      ...(first.type !== undefined && { type: told(first.type, token.reveal(), 60) }),
    },
  });
}
