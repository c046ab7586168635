export type Level = 'none' | 'read' | 'write';

export type Right = 'contents' | 'pull_requests' | 'issues' | 'workflows' | 'actions' | 'statuses';

/** What a token may do, and as whom. */
export interface TokenRights extends Readonly<Record<Right, Level>> {
  readonly login: string;
  /** `Bot`: an App or the workflow's own token; it is nobody, so `GET /user` is refused. */
  readonly type: 'User' | 'Bot';
}

export interface EmulatorOptions {
  /** The bare repository that branches are pushed to. */
  readonly bare: string;
  /** Default `mill/works`. */
  readonly repository?: string;
  /** Default: the time of this machine. */
  readonly now?: () => Date;
  /** Default: what HEAD of the bare repository names. */
  readonly defaultBranch?: string;
  readonly isPrivate?: boolean;
  /** By token. Default: `full-token` of the user `millwright`, who may do everything. Anything else is 401. */
  readonly tokens?: Readonly<Record<string, TokenRights>>;
  /** The repository's setting "Allow auto-merge". Default true. */
  readonly autoMergeAllowed?: boolean;
  /** The most that a page holds, whatever `per_page` says. Default 100. */
  readonly pageLimit?: number;
  /** Requests an hour for each token. Default 5,000. */
  readonly rateLimit?: number;
  /** Who may be asked for a review. Default `ada` and `grace`; the owner always. */
  readonly collaborators?: readonly string[];
  /** Who of them may push, besides the owner and whose token may. Default nobody. */
  readonly writers?: readonly string[];
  /** Slugs of teams that may be asked. Default `reviewers`. */
  readonly teams?: readonly string[];
  /** True: nothing merges before `people.passChecks`. Default false. */
  readonly requiredChecks?: boolean;
  /** The setting "Allow GitHub Actions to create pull requests", for the login `github-actions[bot]`. Default true. */
  readonly actionsMayOpenPulls?: boolean;
  /** Draft pull requests need a plan that has them. Default true. */
  readonly draftsAllowed?: boolean;
  /** Merge methods that the settings of the repository allow. Default all. */
  readonly mergeMethods?: readonly MergeMethod[];
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** Every right, for the user `millwright`. */
export const fullRights: TokenRights = {
  login: 'millwright',
  type: 'User',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  workflows: 'write',
  actions: 'write',
  statuses: 'write',
};
