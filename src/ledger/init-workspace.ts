import { systemClock } from '../contracts/clock.ts';
import { settings as settingsSchema } from '../contracts/settings.ts';
import type { LeftAlone } from '../git/carry.ts';
import { openLog } from '../git/log.ts';
import { ObjectStore } from '../git/object-store.ts';
import { git, gitText } from '../git/program.ts';
import { unlimitedPushes } from '../git/push-budget.ts';
import { pushesOfProcess } from '../git/push-history.ts';
import { openRepository } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { diffTexts } from './init/diff-texts.ts';
import { findPlace, type Place } from './init/place.ts';
import type { ForeignFile } from './init/plan-github.ts';
import { type InitPlan, planInit } from './init/plan-init.ts';
import { type StepLeft, stepsLeft } from './init/steps-left.ts';
import { initTemplates } from './init-templates.ts';
import { parseSettings } from './read-settings.ts';

export interface InitReport {
  readonly root: string;
  readonly branch: string;
  readonly created: readonly string[];
  /** Files of ours that nobody had edited, and that are newer now. */
  readonly updated: readonly string[];
  /** Files that were there and stay as they are. */
  readonly kept: readonly string[];
  /** Files of ours that somebody has edited: they stay, and the diff leads from what is there to the template. */
  readonly edited: readonly { readonly path: string; readonly diff: string }[];
  /** Files of somebody else where ours would stand, with what does not happen because of them. */
  readonly foreign: readonly ForeignFile[];
  readonly leftAlone: readonly LeftAlone[];
  /** What only a person can do; empty without `github`. */
  readonly steps: readonly StepLeft[];
  /** True when the remote is on GitHub. */
  readonly onGithub: boolean;
  /** True when nothing was done, and this is what would be. */
  readonly dryRun: boolean;
  readonly commit: string | null;
}

export interface InitOptions {
  /** True: workflows and their action as well. */
  readonly github?: boolean;
  /** True: say what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

/**
 * Lays a workspace into a repository, as one commit on the branch that is checked out. What is there stays;
 * running it again adds only what is missing, and brings workflows up to date that nobody has edited. Nothing is
 * pushed.
 * Throws `in-the-way` when a file lies where a folder has to be, `bad-settings` when the settings that are there
 * cannot be read, or the branch has a name that no settings can hold.
 */
export async function initWorkspace(folder: string, options: InitOptions = {}): Promise<InitReport> {
  const { github = false, dryRun = false } = options;
  const repository = await openRepository(folder);
  const place = await findPlace(repository);
  const current = await currentBranch(repository.root);
  const branch = current ?? (await newBranch(repository.root, dryRun));
  const checkout = repository.bare || current === undefined ? undefined : repository.root;
  const store = new ObjectStore(repository);
  const left: LeftAlone[] = [];
  const at = {
    repository,
    clock: systemClock,
    branch,
    budget: unlimitedPushes(pushesOfProcess(systemClock)),
    onLeftAlone: (some: readonly LeftAlone[]) => left.push(...some),
    lookOnly: dryRun,
  };
  const log = openLog({ at, store, author: settingsSchema.parse({}).author, attempts: 5 });
  const templates = await initTemplates(github ? (place.defaultBranch ?? branch) : branch, github);
  const decide = (snapshot: Snapshot) => planInit(snapshot, templates, checkout);
  try {
    const done = dryRun
      ? { value: (await decide((await log.tip()).snapshot)).value, commit: null }
      : await log.transact({ subject: 'Lay out a Millwright workspace' }, decide);
    return await reportOn(
      { root: repository.root, branch, leftAlone: left, commit: done.commit, dryRun },
      done.value,
      place,
    );
  } finally {
    store.close();
  }
}

async function reportOn(
  facts: Pick<InitReport, 'root' | 'branch' | 'leftAlone' | 'commit' | 'dryRun'>,
  { edited, updated, settings, github, ...value }: InitPlan,
  place: Place,
): Promise<InitReport> {
  const diffs = edited.map(async ({ path, there, template }) => ({
    path,
    diff: await diffTexts(path, there, template),
  }));
  const { forge, schedules } = parseSettings(Buffer.from(settings));
  const alone = new Set(facts.leftAlone.map(({ path }) => path));
  const known = { ...place, branch: facts.branch, forge, hasSchedule: schedules.loop !== undefined };
  return {
    ...facts,
    ...value,
    updated: updated.filter((path) => !alone.has(path)),
    edited: await Promise.all(diffs),
    steps: github ? stepsLeft(known) : [],
    onGithub: place.isGithub,
  };
}

/** The full name is asked for: git's short one is another when a tag has the same name. */
async function currentBranch(root: string): Promise<string | undefined> {
  const head = await git(['symbolic-ref', 'HEAD'], { cwd: root });
  return head.code === 0
    ? head.stdout
        .toString('utf8')
        .trim()
        .replace(/^refs\/heads\//, '')
    : undefined;
}

/** A detached HEAD has no branch to commit to; the workspace then starts on main beside it. */
async function newBranch(root: string, dryRun: boolean): Promise<string> {
  const main = await git(['rev-parse', '--verify', '--quiet', 'refs/heads/main'], { cwd: root });
  if (main.code !== 0 && !dryRun) await gitText(['branch', 'main', 'HEAD'], { cwd: root });
  return 'main';
}
