import type { ThrottlingOptions } from '@octokit/plugin-throttling';
import type { Octokit } from '@octokit/rest';
import type { Clock } from '../../../contracts/clock.ts';
import { attempts } from './attempts.ts';
import { type PacedGroup, pacedGroup } from './paced-group.ts';
import { LONGEST_WAIT_SECONDS } from './request-budget.ts';

export interface OctokitSetup {
  readonly apiUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** Writes keep the distances that GitHub asks for. Not needed on this machine. */
  readonly paced: boolean;
  readonly onLimit: (seconds: number) => void;
  readonly log: (words: string) => void;
}

const MOST_LIMIT_WAITS = 3;
/** Between two writes, and between two that send mail to people ("Best practices for using the REST API"). */
const WRITE_GAP_MS = 1_000;
const MAIL_GAP_MS = 3_000;

/**
 * Octokit with its throttling and retry plugins. Throttling spaces writes and sends again what met a limit; retry sends
 * again what was lost, as far as `attempts` allows it. All waiting is done on the clock: by `attempts` after a loss,
 * by the request budget after a limit.
 */
export async function openOctokit(setup: OctokitSetup): Promise<Octokit> {
  // Loading it takes a while, and most commands ask no forge.
  const [rest, { throttling }, { retry }] = await Promise.all([
    import('@octokit/rest'),
    import('@octokit/plugin-throttling'),
    import('@octokit/plugin-retry'),
  ]);
  const Patient = rest.Octokit.plugin(attempts(setup), throttling, retry);
  return new Patient({
    auth: setup.token,
    baseUrl: setup.apiUrl,
    userAgent: 'millwright',
    log: silent,
    request: { fetch: setup.fetch, log: silent },
    throttle: throttleOptions(setup),
    // Which attempt is repeated is decided for each; this list only keeps the plugin from deciding itself.
    retry: { retryAfterBaseValue: 0, doNotRetry: [400, 401, 403, 404, 405, 409, 410, 422, 429, 451] },
  });
}

const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function throttleOptions({ clock, paced, log }: OctokitSetup): ThrottlingOptions {
  const again = (seconds: number, _options: unknown, _octokit: unknown, waits: number): boolean => {
    const patient = seconds <= LONGEST_WAIT_SECONDS && waits < MOST_LIMIT_WAITS;
    if (patient) log(`GitHub asks to wait ${seconds} s; the request is sent again after that`);
    return patient;
  };
  return {
    onSecondaryRateLimit: again,
    onRateLimit: again,
    retryAfterBaseValue: 0,
    write: asGroup(pacedGroup(clock, paced ? WRITE_GAP_MS : 0)),
    notifications: asGroup(pacedGroup(clock, paced ? MAIL_GAP_MS : 0)),
    search: asGroup(pacedGroup(clock, paced ? 2 * WRITE_GAP_MS : 0)),
  };
}

/** The plugin calls nothing else of a group. */
function asGroup(group: PacedGroup): NonNullable<ThrottlingOptions['write']> {
  return group as unknown as NonNullable<ThrottlingOptions['write']>;
}
