import { z } from 'zod';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Environment } from '../../forge/github/client/api-address.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { activity } from './activity-check.ts';
import { branchChecks } from './branch-checks.ts';
import type { Check } from './check.ts';
import { type FeatureFacts, featureChecks } from './feature-checks.ts';
import { type GithubDesk, openGithubDesk } from './github-desk.ts';
import { type GithubRepositoryFacts, readRepository, repositoryChecks } from './github-repository.ts';
import { tokenChecks } from './github-token-check.ts';
import { limitChecks } from './limit-check.ts';
import type { Right } from './probe-right.ts';
import { asGitSees, pushChecks } from './push-checks.ts';
import { pushRight } from './push-right.ts';
import { readRights } from './read-rights.ts';
import { type GithubWorkflow, readWorkflows } from './read-workflows.ts';
import { scheduleChecks } from './schedule-checks.ts';
import { failed, ok, warning } from './verdicts.ts';

/**
 * What GitHub and the token allow, feature by feature. Writes nothing: what it asks for to find out about rights cannot
 * succeed. One question that is not answered leaves the others.
 */
export async function examineGithub(workspace: Workspace, env: Environment): Promise<Check[]> {
  try {
    const desk = openGithubDesk(workspace, env);
    return await examineAt(desk, await readRepository(desk));
  } catch (error) {
    return [problem('GitHub', error, failed)];
  }
}

async function examineAt(desk: GithubDesk, repository: GithubRepositoryFacts): Promise<Check[]> {
  const { workspace } = desk;
  const ledger = workspace.settings.ledger_branch;
  const pushes = await pushRight(workspace);
  const groups: readonly (readonly [string, () => Promise<Check[]>])[] = [
    ['repository', async () => repositoryChecks(desk, repository)],
    ['token', () => tokenChecks(desk)],
    ['features', () => featuresOf(desk, repository, pushes)],
    ['ledger branch', async () => asGitSees(await branchChecks(desk), pushes, ledger)],
    ['actions', () => actionsSetting(desk)],
    ['schedules', async () => scheduleChecks(desk, await readWorkflows(desk))],
    ['activity', async () => (repository.private ? [] : activity(workspace))],
    ['requests', () => limitChecks(desk)],
  ];
  const checks = [forgeCheck(workspace)];
  for (const [name, group] of groups)
    checks.push(...(await group().catch((error: unknown) => [problem(name, error, warning)])));
  return checks;
}

function problem(name: string, error: unknown, verdict: typeof warning): Check {
  if (!(error instanceof MillwrightError)) throw error;
  return verdict(name, error.message, error.hint ?? '');
}

function forgeCheck({ settings }: Workspace): Check {
  if (settings.forge === 'github') return ok('forge', 'github: proposals are pull requests');
  return warning(
    'forge',
    'local: proposals are pages in queue/proposals',
    'forge: github in millwright.yaml makes them pull requests',
  );
}

async function featuresOf(
  desk: GithubDesk,
  repository: GithubRepositoryFacts,
  pushes: Right | undefined,
): Promise<Check[]> {
  const workflows: readonly GithubWorkflow[] = await readWorkflows(desk).catch(none);
  const rights = await readRights(desk, repository.default_branch, workflows[0]?.id);
  const { settings } = desk.workspace;
  return [
    ...pushChecks(pushes, rights.contents),
    ...featureChecks({ settings, repository, rights, pages: await readPages(desk) }),
  ];
}

/** Said once, by the check of the schedules. */
function none(error: unknown): [] {
  if (error instanceof MillwrightError) return [];
  throw error;
}

/** GitHub hides it from tokens without the right, and says 404 where there are none as well. */
async function readPages({ client }: GithubDesk): Promise<FeatureFacts['pages']> {
  const shape = z.object({ build_type: z.string().nullish() });
  const question = { route: 'GET /repos/{owner}/{repo}/pages', shape, action: 'look at the Pages' } as const;
  const found = await client.find(question).then(
    (pages) => ({ pages }),
    (error: unknown) => none(error),
  );
  if (!('pages' in found)) return undefined;
  if (found.pages === undefined) return 'off';
  return found.pages.build_type === 'workflow' ? 'workflow' : 'branch';
}

/** Shown to administrators only; others learn it from the refusal of a pull request. */
async function actionsSetting({ client }: GithubDesk): Promise<Check[]> {
  const shape = z.object({ can_approve_pull_request_reviews: z.boolean() });
  const route = 'GET /repos/{owner}/{repo}/actions/permissions/workflow';
  const setting = await client.find({ route, shape, action: 'look at the settings of Actions' }).catch(none);
  if (setting === undefined || !('can_approve_pull_request_reviews' in setting)) return [];
  if (setting.can_approve_pull_request_reviews) return [];
  return [
    warning(
      'actions',
      "workflows may not open pull requests with their own token, whatever the job's permissions say",
      'Settings > Actions > General > Allow GitHub Actions to create and approve pull requests, or use the token of an App',
    ),
  ];
}
