import { z } from 'zod';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { GithubClient, GithubRoute } from '../../forge/github/client/github-client.ts';

/** Whether a token may do something. `unknown`: GitHub did not say. */
export interface Right {
  readonly standing: 'held' | 'missing' | 'unknown';
  /** GitHub's reason, where it is not held. */
  readonly words: string;
}

export interface Probe {
  readonly route: GithubRoute;
  /** What GitHub can only refuse: see `read-rights.ts`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly action: string;
}

/**
 * Asks for a write that cannot succeed. GitHub looks at the rights first, and at the request only then: 422 means
 * that the token might, 403 and 404 that it may not. An answer like 410 (issues are switched off) counts as missing.
 */
export async function probeRight(client: GithubClient, probe: Probe): Promise<Right> {
  try {
    await client.request({ ...probe, shape: z.unknown() });
    return { standing: 'held', words: '' };
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    return rightFrom(error);
  }
}

function rightFrom({ code, data, message }: MillwrightError): Right {
  if (code === 'github-refused' && data.status === 422) return { standing: 'held', words: '' };
  const refused = code === 'github-forbidden' || code === 'github-not-found';
  const reasons = Array.isArray(data.reasons) ? data.reasons.filter((one) => typeof one === 'string') : [];
  return { standing: refused ? 'missing' : 'unknown', words: reasons.join('; ') || message };
}
