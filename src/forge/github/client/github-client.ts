import type { z } from 'zod';
import type { GithubRepository } from './github-repository.ts';

/** A route of GitHub's REST documentation. `{owner}` and `{repo}` are filled in by the client. */
export type GithubRoute = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

export interface GithubQuestion<Schema extends z.ZodType> {
  /** `GET /repos/{owner}/{repo}/pulls/{pull_number}`: text from outside goes into `parameters`, never in here. */
  readonly route: GithubRoute;
  /** What is left over after the route's names are filled in becomes the query of a GET, the body of all else. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The few fields of the answer that are used; in `list` those of one entry. */
  readonly shape: Schema;
  /** Completes "could not ..." in errors: `open a pull request`. */
  readonly action: string;
  /** What is missing without it, for the error of a token that may not: `labels on proposals`. */
  readonly feature?: string;
  /**
   * True for a POST that may be sent twice, such as adding labels. All other methods may by default: say false for
   * a PUT that is refused the second time, such as a merge.
   */
  readonly repeatable?: boolean;
}

export interface GithubList<Schema extends z.ZodType> extends GithubQuestion<Schema> {
  readonly route: `GET /${string}`;
  /** Entries a page, 1 to 100. Default 100. */
  readonly perPage?: number;
  /** Ends the reading after the page with the first entry for which it is false. For sorted lists. */
  readonly goOn?: (entry: z.infer<Schema>) => boolean;
  /** Pages at most. Default 50; more throw `github-bad-answer`, unless `onCut` is there. */
  readonly mostPages?: number;
  /** Called with the number of entries that are returned where there are more pages than that. */
  readonly onCut?: (entries: number) => void;
  /** Where the entries are in an answer that is no array: `workflow_runs`. */
  readonly within?: string;
}

export interface GithubGraphql<Schema extends z.ZodType> {
  readonly query: string;
  /** Values from outside belong here, never in the query. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Of `data`. */
  readonly shape: Schema;
  readonly action: string;
  readonly feature?: string;
  /** True for questions and for mutations that may be sent twice. Default false. */
  readonly repeatable?: boolean;
}

export interface GithubMeter {
  /** Requests that counted in the last hour: of all processes of this machine in this workspace. */
  readonly used: number;
  /** Requests an hour, from the settings. */
  readonly limit: number;
  /** What may still be asked now: the smaller of the own budget and what GitHub last said. */
  readonly remaining: number;
  /** When more becomes free. */
  readonly resetAt: Date;
}

/** What the last answers said about the token and the server. */
export interface GithubSeen {
  /** Scopes of a classic token; undefined for every other sort. */
  readonly scopes?: readonly string[];
  readonly tokenExpires?: string;
  /** Of a GitHub Enterprise Server. */
  readonly serverVersion?: string;
  /** Requests that left this client, the free ones (304) included. */
  readonly requests: number;
  /** Of these, those that counted. */
  readonly counted: number;
}

/**
 * GitHub's API for one repository. Every method waits out short limits, repeats what may be repeated, asks
 * conditionally where it has an answer already, and stays within the budget.
 *
 * Errors of all methods: `github-unauthorized`, `github-forbidden` (data.permissions), `github-not-found`,
 * `github-conflict` (409), `github-refused` (other 4xx; data.status, data.reasons), `github-rate-limited` and
 * `github-budget` (data.retry_at, UTC), `github-unreachable`, `github-bad-answer`, `github-unsafe-address`.
 *
 * A POST that is not `repeatable` is sent once. When its answer is lost (`github-unreachable` or
 * `github-bad-answer` with data.outcome `unknown`) GitHub may have done it: look before you ask again.
 */
export interface GithubClient {
  /** Under its present name: it changes when GitHub says that the repository has moved. */
  readonly repository: GithubRepository;
  /** An answer without content reads as undefined: give it the shape `z.unknown()`. */
  request<Schema extends z.ZodType>(question: GithubQuestion<Schema>): Promise<z.infer<Schema>>;
  /** As `request`, with undefined for what is not there (404, 410). GitHub also hides what the token may not see. */
  find<Schema extends z.ZodType>(question: GithubQuestion<Schema>): Promise<z.infer<Schema> | undefined>;
  /**
   * Every entry of a list, page after page. An entry that has slid onto the next page meanwhile comes once. A page
   * that comes twice, or is missing before the announced last one, makes it read the list once more, and then throw
   * `github-bad-answer`: half a list is never returned. In a list that gets shorter while it is read, an entry may slide
   * onto a page that was read already and be left out: before you act on an absence, `find` it.
   */
  list<Schema extends z.ZodType>(question: GithubList<Schema>): Promise<z.infer<Schema>[]>;
  /** What REST does not offer. An answer with errors is an error, also when it has data. */
  graphql<Schema extends z.ZodType>(question: GithubGraphql<Schema>): Promise<z.infer<Schema>>;
  meter(): Promise<GithubMeter>;
  seen(): GithubSeen;
}
