import { z } from 'zod';
import { MillwrightError } from '../../../contracts/millwright-error.ts';
import type { Desk } from '../desk.ts';
import { dashboardHint } from './dashboard-hint.ts';
import type { Issue } from './dashboard-issue.ts';

/** Says of an issue who made it. `unknown`: GitHub does not say whose this token is. */
export interface DashboardAuthor {
  of(issue: Issue): Promise<'ours' | 'another' | 'unknown'>;
}

const viewerShape = z.object({ viewer: z.object({ login: z.string() }) });

/**
 * Whoever opens an issue may tick its boxes, also one who may write nothing else here: only an issue that the account
 * of this token has opened takes orders. Which account that is costs one question, and none where this machine has
 * had the answer for the same issue before.
 */
export function dashboardAuthor(desk: Desk): DashboardAuthor {
  let viewer: Promise<string | undefined> | undefined;
  return {
    of: async ({ number, user }) => {
      if (user === null) return 'another';
      const hint = await dashboardHint.read(desk);
      if (hint?.number === number && hint.author === user.login) return 'ours';
      viewer ??= askViewer(desk);
      return judge(user, await viewer);
    },
  };
}

/** Tokens of programs know themselves by this question only; `GET /user` is refused to them. */
async function askViewer({ client }: Desk): Promise<string | undefined> {
  try {
    const question = { query: 'query { viewer { login } }', shape: viewerShape, repeatable: true };
    const answer = await client.graphql({ ...question, action: 'see whose token this is' });
    return answer.viewer.login;
  } catch (error) {
    if (!(error instanceof MillwrightError) || !UNANSWERED.includes(error.code)) throw error;
    return undefined;
  }
}

const UNANSWERED = ['github-forbidden', 'github-not-found', 'github-refused', 'github-bad-answer'];

/** One place of GitHub writes the login of a program with `[bot]` at its end, another without. */
function judge({ login, type }: NonNullable<Issue['user']>, viewer: string | undefined) {
  const isBot = type === 'Bot';
  if (viewer === undefined) return isBot ? 'ours' : 'unknown';
  const names = [viewer, ...(isBot ? [`${viewer}[bot]`] : [])].map((name) => name.toLowerCase());
  return names.includes(login.toLowerCase()) ? 'ours' : 'another';
}
