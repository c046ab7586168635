import { z } from 'zod';
import { count, line } from './fields.ts';

/** A login, or the short name of a team, as GitHub allows them. */
const login = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/, 'expected a GitHub login such as octocat');

/**
 * How proposals appear on GitHub. The address of the API is no setting: a file of the repository must not decide
 * where a token is sent.
 */
export const githubSettings = z
  .strictObject({
    repository: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/, 'expected owner/name')
      .optional()
      .describe('Owner and name of the repository. Default: what the address of the remote says.'),
    draft: z.boolean().default(false).describe('Pull requests are opened as drafts.'),
    reviewers: z.array(login).max(15).default([]).describe('Who is asked to review, besides CODEOWNERS.'),
    team_reviewers: z
      .array(login)
      .max(15)
      .default([])
      .describe('Teams of the organisation that are asked to review.'),
    labels: z
      .array(line)
      .max(10)
      .default(['millwright'])
      .describe('Labels of every pull request. They are for people: nothing is ever read from them.'),
    auto_merge: z
      .enum(['merge', 'squash', 'rebase'])
      .optional()
      .describe(
        'How what auto_apply allows is merged: GitHub does it when the required checks are green. Default: by a push.',
      ),
    dashboard: z
      .boolean()
      .default(true)
      .describe('Keep one issue that lists every proposal and takes orders.'),
    requests_per_hour: count
      .default(1_000)
      .describe(
        'API requests that this machine may send in an hour. An answer "not modified" does not count.',
      ),
  })
  .prefault({});
