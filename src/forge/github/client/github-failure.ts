import { MillwrightError } from '../../../contracts/millwright-error.ts';
import { badAnswer } from './bad-answer.ts';
import { type FailureFacts, failureFacts } from './failure-facts.ts';
import type { GithubRepository } from './github-repository.ts';
import type { GithubToken } from './github-token.ts';
import type { LimitedAnswer } from './limit-of.ts';
import { rateLimited } from './rate-limited.ts';
import { reasonsOf } from './reasons-of.ts';
import { told } from './told.ts';

/** What was asked, for the words of the error. */
export interface FailedQuestion {
  /** Completes "could not ...". */
  readonly action: string;
  readonly feature?: string | undefined;
  readonly repository: GithubRepository;
  readonly token: GithubToken;
  /** False for what may have been done although no answer came. */
  readonly repeatable: boolean;
  readonly now: Date;
}

/** Turns whatever Octokit or fetch has thrown into an error that says what to do. Never shows the token. */
export function githubFailure(error: unknown, question: FailedQuestion): MillwrightError {
  if (error instanceof MillwrightError) return error;
  const facts = failureFacts(error);
  if (facts.limitedSeconds !== undefined)
    return rateLimited(new Date(question.now.getTime() + facts.limitedSeconds * 1_000), question.action);
  if (facts.code === 'EBADJSON' || (facts.answer === undefined && facts.code === undefined))
    return badAnswer(told(wordsIn(error), question.token.reveal()), question);
  if (facts.transient || facts.answer === undefined) return unreachable(facts, question);
  return answered(facts.answer, question);
}

/** No answer, or one that says nothing but that the server is out of order. */
function unreachable({ answer, code, unsent }: FailureFacts, question: FailedQuestion): MillwrightError {
  const { host } = new URL(question.repository.apiUrl);
  const why = answer === undefined ? `no answer (${code})` : `it is out of order (${answer.status})`;
  const unknown = !unsent && !question.repeatable;
  const doubt = unknown ? '; it may have done it all the same' : '';
  return new MillwrightError('github-unreachable', `could not ${question.action}: ${host}: ${why}${doubt}`, {
    hint: 'check the network; what waits goes on with the next pass',
    retry: 'back-off',
    data: {
      host,
      ...(answer ? { status: answer.status } : { code }),
      ...(unknown && { outcome: 'unknown' }),
    },
  });
}

function wordsIn(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Meaning {
  readonly code: string;
  readonly says: string;
  readonly hint: string;
}

function answered(answer: LimitedAnswer, question: FailedQuestion): MillwrightError {
  const { status } = answer;
  const permissions = permissionsIn(answer);
  const { code, says, hint } = isSignOn(answer) ? signOn(question) : meaningOf(status, permissions, question);
  const reasons = reasonsOf(answer.data, question.token.reveal());
  const words = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
  return new MillwrightError(code, `could not ${question.action}: ${says}${words}`, {
    hint,
    data: { status, reasons, ...(permissions.length > 0 && { permissions }) },
  });
}

function meaningOf(status: number, permissions: readonly string[], question: FailedQuestion): Meaning {
  const { repository, token, feature } = question;
  const { owner, name } = repository;
  const without = feature === undefined ? '' : `; without it there is no ${feature}`;
  switch (status) {
    case 401:
      return {
        code: 'github-unauthorized',
        says: `GitHub does not accept the token in ${token.variable}`,
        hint: `has it expired? put a new one into ${token.variable}`,
      };
    case 403: {
      const right = permissions.length === 0 ? '' : `; it takes ${permissions.join(' or ')}`;
      return {
        code: 'github-forbidden',
        says: `the token in ${token.variable} may not do this${right}${without}`,
        hint: token.ofWorkflow
          ? 'give the job this permission in the workflow file, or pass the token of an App'
          : 'give the token this permission in the settings of GitHub; in an organisation it may need approval',
      };
    }
    case 404:
    case 410:
      return {
        code: 'github-not-found',
        says: `not found in ${owner}/${name}, or hidden from the token in ${token.variable}${without}`,
        hint: 'see that the repository has this name, and that the token was given access to it',
      };
    case 409:
      return {
        code: 'github-conflict',
        says: 'something has changed meanwhile, or stands in the way',
        hint: 'the next pass looks again at what is there now',
      };
    default:
      return {
        code: 'github-refused',
        says: `GitHub refuses it with ${status}`,
        hint: 'the words in brackets are those of GitHub',
      };
  }
}

/** An organisation that wants every token authorised says so in a header. */
function isSignOn({ status, headers }: LimitedAnswer): boolean {
  return status === 403 && String(headers['x-github-sso'] ?? '').startsWith('required');
}

function signOn({ token }: FailedQuestion): Meaning {
  return {
    code: 'github-forbidden',
    says: `the organisation wants the token in ${token.variable} to be authorised for its single sign-on`,
    hint: 'authorise it in the settings of GitHub, "Configure SSO" beside the token',
  };
}

/** `contents=write; pull_requests=write,issues=write`: alternatives between semicolons, all of one together. */
function permissionsIn({ headers }: LimitedAnswer): string[] {
  const text = String(headers['x-accepted-github-permissions'] ?? '');
  const sets = text.split(';').map((set) => set.split(',').flatMap(permissionOf));
  return sets.filter((set) => set.length > 0).map((set) => set.join(' and '));
}

function permissionOf(text: string): string[] {
  const [, name = '', level = ''] = /^\s*([a-z_]{1,60})=([a-z]{1,20})\s*$/.exec(text) ?? [];
  return name === '' ? [] : [`"${name}: ${level}"`];
}
