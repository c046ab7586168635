import type { Settings } from '../../contracts/settings.ts';
import type { Check } from './check.ts';
import type { GithubRepositoryFacts } from './github-repository.ts';
import type { Right } from './probe-right.ts';
import type { GithubRights } from './read-rights.ts';
import { failed, ok, warning } from './verdicts.ts';

export interface FeatureFacts {
  readonly settings: Pick<Settings, 'github' | 'forge'>;
  readonly rights: GithubRights;
  readonly repository: Pick<GithubRepositoryFacts, 'has_issues' | 'allow_auto_merge'>;
  /** Undefined: nobody said. */
  readonly pages: 'workflow' | 'branch' | 'off' | undefined;
}

/** What Millwright does on GitHub, which right each of it takes, and whether the token has it. Pure. */
export function featureChecks({ settings, rights, repository, pages }: FeatureFacts): Check[] {
  const { pulls, issues, contents, dispatch } = rights;
  const { github } = settings;
  return [
    feature('proposals', 'pull_requests: write', pulls, 'no pull request is opened or updated', failed),
    feature(
      'labels',
      'issues: write or pull_requests: write',
      eitherOf(issues, pulls),
      `pull requests come without ${github.labels.join(', ') || 'labels'}`,
    ),
    feature('reviewers', 'pull_requests: write', pulls, 'nobody is asked to review'),
    ...dashboardCheck(settings, issues, repository),
    ...autoMergeCheck(settings, bothOf(contents, pulls), repository),
    ...(dispatch === undefined
      ? []
      : [feature('workflow dispatch', 'actions: write', dispatch, 'this token starts no workflow')]),
    pagesCheck(pages),
  ];
}

function feature(
  name: string,
  permission: string,
  { standing, words }: Right,
  without: string,
  worst: typeof warning = warning,
): Check {
  if (standing === 'held') return ok(name, permission);
  if (standing === 'unknown') return warning(name, `not known: ${words}`, 'ask again later');
  const isSetting = /not permitted to create or approve/i.test(words);
  const hint = isSetting
    ? 'Settings > Actions > General > Allow GitHub Actions to create and approve pull requests'
    : `give the token ${permission}`;
  return worst(name, `${without}: the token lacks ${permission} (${words})`, hint);
}

function dashboardCheck(
  { github }: FeatureFacts['settings'],
  issues: Right,
  { has_issues: hasIssues }: FeatureFacts['repository'],
): Check[] {
  if (!github.dashboard) return [ok('dashboard', 'switched off by github.dashboard')];
  if (hasIssues === false)
    return [
      warning(
        'dashboard',
        'issues are switched off in this repository',
        'Settings > General > Features > Issues',
      ),
    ];
  return [feature('dashboard', 'issues: write', issues, 'there is no dashboard issue')];
}

function autoMergeCheck(
  { github }: FeatureFacts['settings'],
  both: Right,
  { allow_auto_merge: allowed }: FeatureFacts['repository'],
): Check[] {
  if (github.auto_merge === undefined) return [ok('auto-merge', 'switched off by github.auto_merge')];
  const may = feature(
    'auto-merge',
    'contents: write and pull_requests: write',
    both,
    'GitHub merges nothing by itself',
  );
  if (may.verdict !== 'ok' || allowed === true) return [may];
  if (allowed === false)
    return [
      warning('auto-merge', 'the repository does not allow it', 'Settings > General > Allow auto-merge'),
    ];
  return [ok('auto-merge', `${may.detail}; whether the repository allows it is not shown to this token`)];
}

const OWN_JOB = 'the job that deploys has pages: write and id-token: write of its own';

function pagesCheck(pages: FeatureFacts['pages']): Check {
  if (pages === 'workflow') return ok('pages', `published by a workflow; ${OWN_JOB}`);
  const source = 'Settings > Pages > Source: GitHub Actions, then set the variable MILLWRIGHT_PAGES to true';
  if (pages === 'branch') return warning('pages', 'published from a branch, not by a workflow', source);
  if (pages === undefined) return ok('pages', `not shown to this token (pages: read); ${OWN_JOB}`);
  return ok('pages', `not published; ${source} switches it on`);
}

function eitherOf(one: Right, other: Right): Right {
  return one.standing === 'held'
    ? one
    : other.standing === 'held' || one.standing === 'missing'
      ? other
      : one;
}

function bothOf(one: Right, other: Right): Right {
  return one.standing === 'held' ? other : one;
}
