import { type BareRepository, openBareRepository } from './bare-repository.ts';
import { type EmulatorOptions, fullRights, type MergeMethod, type TokenRights } from './options.ts';

export interface Remark {
  readonly id: number;
  body: string;
  readonly user: string;
  readonly createdAt: string;
  updatedAt: string;
}

export interface ThreadEvent {
  readonly id: number;
  readonly event: string;
  readonly actor: string;
  readonly createdAt: string;
  readonly commit?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The half of a pull request that an issue does not have. */
export interface PullPart {
  /** `mill/works`, or the name of a fork. */
  readonly headRepository: string;
  readonly headBranch: string;
  /** Frozen once it is closed, as GitHub does. */
  headSha: string;
  base: string;
  /** The base when the head was last pushed: what `base.sha` says. */
  baseSha: string;
  /** The base that it is compared with: its tip while open, the last one before the end. */
  comparedWith: string;
  draft: boolean;
  mergedAt: string | null;
  mergedBy: string | null;
  mergeSha: string | null;
  reviewers: string[];
  teams: string[];
  autoMerge: { readonly by: string; readonly method: MergeMethod } | null;
  checksPassed: boolean;
}

/** An issue or a pull request: they share their numbers, words, labels and comments. */
export interface Thread {
  readonly number: number;
  title: string;
  body: string | null;
  readonly user: string;
  state: 'open' | 'closed';
  stateReason: string | null;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: string | null;
  labels: string[];
  readonly comments: Remark[];
  readonly events: ThreadEvent[];
  readonly pull?: PullPart;
}

export type PullThread = Thread & { readonly pull: PullPart };

export interface LabelFacts {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface WorkflowFacts {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  state: 'active' | 'disabled_inactivity' | 'disabled_manually';
  readonly runs: RunFacts[];
}

export interface RunFacts {
  readonly id: number;
  readonly event: string;
  readonly branch: string;
  readonly createdAt: string;
  readonly conclusion: 'success' | 'failure';
}

/** Everything that the emulated GitHub knows. Branches and commits are in the bare repository. */
export interface World {
  readonly repositoryId: number;
  repository: string;
  readonly oldNames: Set<string>;
  readonly oldBranches: Map<string, string>;
  defaultBranch: string;
  archived: boolean;
  readonly git: BareRepository;
  /** Branches as the last request saw them. */
  refs: ReadonlyMap<string, string>;
  readonly threads: Map<number, Thread>;
  /** How many of them are open: every repository that is shown says so. */
  openThreads: number;
  readonly labels: Map<string, LabelFacts>;
  readonly workflows: Map<number, WorkflowFacts>;
  readonly dispatches: { readonly event: string; readonly payload: unknown }[];
  readonly tokens: Map<string, TokenRights>;
  readonly createdAt: string;
  readonly options: EmulatorOptions;
  /** Seconds only, as GitHub writes them. */
  stamp(): string;
  now(): Date;
  /** Ids of comments, events, labels and runs. */
  nextId(): number;
}

export async function openWorld(options: EmulatorOptions): Promise<World> {
  const git = openBareRepository(options.bare);
  const now = options.now ?? (() => new Date());
  const stamp = () =>
    now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
  let id = 1_000;
  return {
    repositoryId: 4242,
    repository: options.repository ?? 'mill/works',
    oldNames: new Set(),
    oldBranches: new Map(),
    defaultBranch: options.defaultBranch ?? (await git.run(['symbolic-ref', '--short', 'HEAD'])),
    archived: false,
    git,
    refs: new Map(),
    threads: new Map(),
    openThreads: 0,
    labels: new Map(),
    workflows: new Map(),
    dispatches: [],
    tokens: new Map(Object.entries(options.tokens ?? { 'full-token': fullRights })),
    createdAt: stamp(),
    options,
    stamp,
    now,
    nextId: () => ++id,
  };
}
