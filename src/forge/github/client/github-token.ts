/** What GitHub's prefixes tell apart. `installation`: of an App, or of a workflow. */
export type GithubTokenSort =
  | 'installation'
  | 'fine-grained'
  | 'classic'
  | 'user-to-server'
  | 'oauth'
  | 'unknown';

export interface GithubToken {
  /** A function, so that nothing that prints or keeps this object has the token in it. */
  reveal(): string;
  /** Where it was found. */
  readonly variable: 'MILLWRIGHT_GITHUB_TOKEN' | 'GH_TOKEN' | 'GITHUB_TOKEN';
  readonly sort: GithubTokenSort;
  /** The token that a workflow gets by itself: a push with it starts no workflow. */
  readonly ofWorkflow: boolean;
}
