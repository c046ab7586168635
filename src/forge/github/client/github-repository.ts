/** A repository on a host that speaks GitHub's API. */
export interface GithubRepository {
  readonly owner: string;
  readonly name: string;
  /** Where the REST API is, without a slash at the end: `https://api.github.com`. */
  readonly apiUrl: string;
  /** The page of the repository, for links: `https://github.com/owner/name`. */
  readonly webUrl: string;
}
