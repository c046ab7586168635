import type { Place } from './place.ts';
import { shellWord } from './shell-word.ts';

/** Something that only a person can do, and exactly where. */
export interface StepLeft {
  readonly what: string;
  readonly where: string;
}

export interface StepFacts extends Place {
  /** The branch that the files were committed to. */
  readonly branch: string;
  /** What `forge` in millwright.yaml says now. */
  readonly forge: string;
  readonly hasSchedule: boolean;
}

/** What is left to do after the workflows are laid. Nobody can see from here what is done already. Pure. */
export function stepsLeft(facts: StepFacts): StepLeft[] {
  return [...inRepository(facts), ...onHost(facts)];
}

function inRepository({ page, branch, defaultBranch, forge, hasSchedule }: StepFacts): StepLeft[] {
  const isElsewhere = defaultBranch !== undefined && branch !== defaultBranch;
  const words = isElsewhere
    ? `push ${branch} and merge it into ${defaultBranch}: schedules run on the default branch only`
    : `push ${branch}: nothing was pushed`;
  return [
    ...(page === undefined
      ? [{ what: 'name the repository on GitHub as a remote', where: 'git remote add origin URL' }]
      : []),
    { what: words, where: `git push origin ${shellWord(branch)}` },
    ...guessed(page, branch, defaultBranch),
    ...(forge === 'github'
      ? []
      : [{ what: 'say that proposals are pull requests', where: 'millwright.yaml: forge: github' }]),
    ...(hasSchedule
      ? []
      : [{ what: 'say when the loop is due', where: 'millwright.yaml: schedules: {loop: "0 2 * * 0"}' }]),
    { what: 'say who reviews workflows, personas and prompts', where: '.github/CODEOWNERS' },
  ];
}

/** Only where there is a host that has a default, and no usual name that speaks for itself. */
function guessed(page: string | undefined, branch: string, defaultBranch: string | undefined): StepLeft[] {
  if (page === undefined || defaultBranch !== undefined || branch === 'main') return [];
  return [
    {
      what: `see that the default branch is ${branch}: nothing here says which one is, so new settings name ${branch} for the history and for proposals`,
      where: 'millwright.yaml: ledger_branch and base_branch',
    },
  ];
}

function onHost({ page }: StepFacts): StepLeft[] {
  const at = (path: string, words: string) =>
    page === undefined ? words : `${page}/settings/${path} (${words})`;
  return [
    {
      what: 'say where Millwright is installed from, before anything runs: it is not in the npm registry yet, and whoever takes that name there would run in jobs whose token writes',
      where: at(
        'variables/actions',
        'Settings > Secrets and variables > Actions > Variables: MILLWRIGHT_PACKAGE = github:OWNER/millwright#COMMIT, or a tarball; .github/workflows/README.md, What is installed',
      ),
    },
    {
      what: 'tick "Allow GitHub Actions to create and approve pull requests", unless an App opens them',
      where: at('actions', 'Settings > Actions > General > Workflow permissions'),
    },
    {
      what: 'make the check "validate" required for the base branch',
      where: at('rules', 'Settings > Rules > Rulesets > Require status checks to pass'),
    },
    {
      what: 'for pages: choose GitHub Actions as the source, and set the variable MILLWRIGHT_PAGES to true',
      where: at('pages', 'Settings > Pages > Build and deployment > Source'),
    },
    {
      what: 'for workers: set the variable MILLWRIGHT_AGENT; for an App: MILLWRIGHT_APP_ID',
      where: at('variables/actions', 'Settings > Secrets and variables > Actions > Variables'),
    },
    {
      what: 'for models and an App: set the secrets ANTHROPIC_API_KEY and MILLWRIGHT_APP_KEY',
      where: at('secrets/actions', 'Settings > Secrets and variables > Actions > Secrets'),
    },
  ];
}
