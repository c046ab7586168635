import { z } from 'zod';
import { MillwrightError } from '../../../contracts/millwright-error.ts';
import type { Desk } from '../desk.ts';
import { dashboardHint } from './dashboard-hint.ts';
import type { Issue } from './dashboard-issue.ts';

/** Says of an issue who made it. `unknown`: GitHub does not say whose this token is. */
export interface DashboardAuthor {
  of(issue: Issue): Promise<'ours' | 'another' | 'unknown'>;
}

/** It acts for workflows of the repository alone, which only those who may push can write. */
const WORKFLOWS = 'github-actions[bot]';

const permissionShape = z.object({ permission: z.string() });

const viewerShape = z.object({ viewer: z.object({ login: z.string() }) });

/**
 * Whoever opens an issue may tick its boxes, also one who may write nothing else here. So only an issue takes orders
 * that was opened by the account of this token, by the workflows of this repository, or by a person who may push: a
 * laptop and Actions keep one dashboard together. That costs a question or two, and none where this machine has had
 * the answer for the same issue before.
 */
export function dashboardAuthor(desk: Desk): DashboardAuthor {
  let viewer: Promise<string | undefined> | undefined;
  return {
    of: async ({ number, user }) => {
      if (user === null) return 'another';
      const hint = await dashboardHint.read(desk);
      if (hint?.number === number && hint.author === user.login) return 'ours';
      if (user.type === 'Bot' && user.login === WORKFLOWS) return 'ours';
      viewer ??= askViewer(desk);
      const made = judge(user, await viewer);
      return made !== 'ours' && user.type !== 'Bot' && (await mayPush(desk, user.login)) ? 'ours' : made;
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

async function mayPush({ client }: Desk, login: string): Promise<boolean> {
  try {
    const found = await client.find({
      route: 'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
      parameters: { username: login },
      shape: permissionShape,
      action: 'see who has made the dashboard',
    });
    return found !== undefined && ['admin', 'write'].includes(found.permission);
  } catch (error) {
    if (!(error instanceof MillwrightError) || !UNANSWERED.includes(error.code)) throw error;
    return false;
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
