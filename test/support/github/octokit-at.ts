import { Octokit } from '@octokit/rest';

/** A client of a double, without plugins and without a log. */
export function octokitAt(baseUrl: string, auth = 'full-token'): Octokit {
  const nothing = () => undefined;
  return new Octokit({
    auth,
    baseUrl,
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  });
}
