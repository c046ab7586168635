import { join } from 'node:path';
import { type Clock, systemClock } from '../contracts/clock.ts';
import type { Settings } from '../contracts/settings.ts';
import type { BranchAt } from '../git/branch.ts';
import { type Cells, openCells } from '../git/cell.ts';
import { findRemote } from '../git/find-remote.ts';
import { type Log, openLog } from '../git/log.ts';
import type { BranchHome } from '../git/missing-branch.ts';
import { ObjectStore } from '../git/object-store.ts';
import { openRefs } from '../git/open-refs.ts';
import { limitedPushes, type PushBudget, unlimitedPushes } from '../git/push-budget.ts';
import { pushesOfMachine, pushesOfProcess } from '../git/push-history.ts';
import type { RefTransport } from '../git/ref-transport.ts';
import type { Remote } from '../git/remote-refs.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { CACHE } from './paths.ts';
import { readSettings } from './read-settings.ts';
import type { FollowUp } from './record-contracts.ts';

/** A repository that is laid out as a workspace, with everything that reads and writes it. */
export interface Workspace {
  readonly root: string;
  readonly settings: Settings;
  readonly repository: Repository;
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Where refs are compared and swapped: the remote when there is one. */
  readonly refs: RefTransport;
  readonly remote: Remote | undefined;
  readonly budget: PushBudget;
  /** The ledger branch: machine-written paths. */
  readonly log: Log;
  /** The base branch: what people review. The same log when both are one branch. */
  readonly base: Log;
  readonly cells: Cells;
  /** What new records bring along in their commit, by kind. */
  readonly followUps: ReadonlyMap<string, FollowUp>;
  /** Folder for projections that can be deleted at any time. */
  readonly cache: string;
  /** Things that a person should know and that stop nothing. Emptied by whoever prints them. */
  readonly warnings: string[];
  close(): void;
}

export interface OpenOptions {
  readonly clock?: Clock;
  /** For tests: the environment of every git command that talks to the remote. */
  readonly remoteEnv?: Readonly<Record<string, string>>;
  /** What new records bring along; the loops' recipes are above this room, so whoever opens it says. */
  readonly followUps?: (settings: Settings) => ReadonlyMap<string, FollowUp>;
  /** For commands that only look: nothing is brought up to date, neither here nor in the remote. */
  readonly lookOnly?: boolean;
}

/** Opens the workspace that holds `folder`. Throws `no-repository`, `no-workspace`, `bad-settings`. */
export async function openWorkspace(folder: string, options: OpenOptions = {}): Promise<Workspace> {
  const clock = options.clock ?? systemClock;
  const repository = await openRepository(folder);
  const settings = await readSettings(repository);
  const found = await findRemote(repository, settings.remote);
  const remote = found && {
    ...found,
    ...(options.remoteEnv === undefined ? {} : { env: options.remoteEnv }),
  };
  const store = new ObjectStore(repository);
  const { author, ref_namespace: namespace } = settings;
  const refs = await openRefs({ repository, store, clock, remote, namespace });
  const budget = remote?.distant
    ? limitedPushes(
        clock,
        settings.limits.pushes_per_minute,
        pushesOfMachine(clock, join(repository.commonDir, 'millwright', 'pushes.json')),
      )
    : unlimitedPushes(pushesOfProcess(clock));
  const warnings: string[] = [];

  const branchAt = (branch: string): BranchAt => ({
    repository,
    clock,
    branch,
    budget,
    ...(remote === undefined
      ? {}
      : { remote: refs, home: homeOf({ repository, remote, refs, settings }, branch) }),
    onLeftAlone: (left) =>
      warnings.push(
        ...left.map(({ path, reason }) => `${path} was left alone in the checkout: ${explain[reason]}`),
      ),
    onWarning: (message) => warnings.push(message),
    lookOnly: options.lookOnly === true,
  });
  const open = (branch: string) =>
    openLog({ at: branchAt(branch), store, author, attempts: settings.limits.publish_attempts });
  const log = open(settings.ledger_branch);
  const base = settings.base_branch === settings.ledger_branch ? log : open(settings.base_branch);
  const cells = openCells({ transport: refs, store, clock, budget, namespace, author });
  const cache = join(repository.root, CACHE);
  return {
    root: repository.root,
    settings,
    repository,
    store,
    clock,
    refs,
    remote,
    budget,
    log,
    base,
    cells,
    followUps: options.followUps?.(settings) ?? new Map(),
    cache,
    warnings,
    close: () => store.close(),
  };
}

function homeOf(
  place: Pick<Workspace, 'repository' | 'refs' | 'settings'> & { readonly remote: Remote },
  branch: string,
): BranchHome {
  const { repository, remote, refs, settings } = place;
  const { ledger_branch: ledger, base_branch: base, ref_namespace: namespace } = settings;
  return { repository, remote, refs, namespace, ledger, apart: branch === ledger && ledger !== base };
}

const explain = {
  edited: 'you have edited it; the committed version is newer',
  deleted: 'you have deleted it; the committed version is newer',
  staged: 'you have staged a change of it',
  'in the way': 'a file of yours is in the way of a committed one',
} as const;
