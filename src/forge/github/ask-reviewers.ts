import { z } from 'zod';
import { hasCode } from '../../contracts/millwright-error.ts';
import type { ProposalDraft } from '../forge.ts';
import { ownersOfDraft } from './compose-pull.ts';
import type { Desk } from './desk.ts';
import { orLeaveOut } from './or-leave-out.ts';
import type { Pull } from './pull-shape.ts';
import { warnOnce } from './warn-once.ts';

interface Reviewers {
  readonly reviewers: readonly string[];
  readonly team_reviewers: readonly string[];
}

/**
 * Asks those whom the settings name for a review. Owners of the files are asked by GitHub itself; the author and
 * people who cannot be asked are left out.
 */
export async function askReviewers(desk: Desk, pull: Pull, draft: ProposalDraft): Promise<void> {
  const wanted = await whomToAsk(desk, pull, draft);
  if (wanted.reviewers.length + wanted.team_reviewers.length === 0) return;
  await orLeaveOut(desk, 'requests for reviews', async () => {
    if (!(await ask(desk, pull, wanted))) await askOneByOne(desk, pull, wanted);
  });
}

async function whomToAsk(desk: Desk, pull: Pull, draft: ProposalDraft): Promise<Reviewers> {
  const { reviewers, team_reviewers: teams } = desk.workspace.settings.github;
  if (reviewers.length + teams.length === 0) return { reviewers, team_reviewers: teams };
  const { owner } = desk.client.repository;
  const asked = new Set((await ownersOfDraft(desk, draft)).map((name) => name.toLowerCase()));
  const author = pull.user?.login.toLowerCase();
  const isFree = (name: string) => !asked.has(`@${name}`.toLowerCase()) && !desk.notAsked.has(name);
  return {
    reviewers: reviewers.filter((login) => login.toLowerCase() !== author && isFree(login)),
    team_reviewers: teams.filter((team) => isFree(`${owner}/${team}`)),
  };
}

/** @returns false when GitHub takes one of them not, which it says about all at once */
async function ask({ client }: Desk, { number }: Pull, wanted: Reviewers): Promise<boolean> {
  try {
    await client.request({
      route: 'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
      parameters: { pull_number: number, ...wanted },
      shape: z.unknown(),
      action: `ask for a review of #${number}`,
      feature: 'requests for reviews',
      repeatable: true,
    });
    return true;
  } catch (error) {
    if (!hasCode(error, 'github-refused')) throw error;
    return false;
  }
}

async function askOneByOne(desk: Desk, pull: Pull, wanted: Reviewers): Promise<void> {
  const { owner } = desk.client.repository;
  const each = [
    ...wanted.reviewers.map((login) => [login, { reviewers: [login], team_reviewers: [] }] as const),
    ...wanted.team_reviewers.map(
      (team) => [`${owner}/${team}`, { reviewers: [], team_reviewers: [team] }] as const,
    ),
  ];
  for (const [name, one] of each) if (!(await ask(desk, pull, one))) desk.notAsked.add(name);
  const left = each.map(([name]) => name).filter((name) => desk.notAsked.has(name));
  if (left.length > 0)
    warnOnce(
      desk.workspace,
      `GitHub does not ask ${left.join(', ')} for reviews in this repository: see github.reviewers and github.team_reviewers in millwright.yaml`,
    );
}
