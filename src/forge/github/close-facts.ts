import { z } from 'zod';
import { isOurComment } from './body/comment-marker.ts';
import type { Closing } from './closing.ts';
import type { Desk } from './desk.ts';
import { orLeaveOut } from './or-leave-out.ts';
import type { Pull } from './pull-shape.ts';

/** A reason may stand a day before the closing, or be added a day after it. */
const AROUND_MS = 86_400_000;

const account = z.object({ login: z.string(), type: z.string().optional() }).nullable();
const issueShape = z.object({ closed_by: account.optional() });
const commentShape = z.object({ user: account, body: z.string().nullish(), created_at: z.string() });
type Comment = z.infer<typeof commentShape>;

/** Who closed a pull request, and the last that they said around it. Two requests, once in a pass. */
export function closeFacts(desk: Desk, pull: Pull): Promise<Closing> {
  const closing = `${pull.number} ${pull.closed_at}`;
  const facts = desk.closings.get(closing) ?? findFacts(desk, pull);
  desk.closings.set(closing, facts);
  return facts;
}

async function findFacts(desk: Desk, pull: Pull): Promise<Closing> {
  const facts = await orLeaveOut(desk, 'reasons of closed pull requests', () => readFacts(desk, pull));
  return facts ?? {};
}

async function readFacts({ client }: Desk, pull: Pull): Promise<Closing> {
  const feature = 'reasons of closed pull requests';
  const issue = await client.find({
    route: 'GET /repos/{owner}/{repo}/issues/{issue_number}',
    parameters: { issue_number: pull.number },
    shape: issueShape,
    action: 'see who closed a pull request',
    feature,
  });
  const closer = issue?.closed_by?.login;
  if (closer === undefined) return {};
  if (isBot(issue?.closed_by)) return { closedBy: closer, closedByBot: true };
  const closedAt = Date.parse(pull.closed_at ?? pull.updated_at);
  const comments = await client.list({
    route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
    parameters: { issue_number: pull.number, since: new Date(closedAt - AROUND_MS).toISOString() },
    shape: commentShape,
    action: 'read why a pull request was closed',
    feature,
  });
  const reason = comments.findLast((comment) => isReason(comment, closer, closedAt))?.body?.trim();
  return { closedBy: closer, ...(reason === undefined || reason === '' ? {} : { reason }) };
}

function isReason({ user, body, created_at: at }: Comment, closer: string, closedAt: number): boolean {
  const isNear = Math.abs(Date.parse(at) - closedAt) <= AROUND_MS;
  return user?.login === closer && isNear && !isOurComment(body ?? '');
}

function isBot(user: z.infer<typeof account> | undefined): boolean {
  return user?.type === 'Bot' || user?.login.endsWith('[bot]') === true;
}
