import { z } from 'zod';
import type { Check } from './check.ts';
import type { GithubDesk } from './github-desk.ts';
import { ok, warning } from './verdicts.ts';

const limit = z.object({ limit: z.number(), remaining: z.number(), reset: z.number() });

/** How many requests are left, of GitHub's limit and of Millwright's own. This question is free. */
export async function limitChecks({ client }: GithubDesk): Promise<Check[]> {
  const { resources } = await client.request({
    route: 'GET /rate_limit',
    shape: z.object({ resources: z.object({ core: limit }) }),
    action: 'ask for the rate limit',
  });
  const own = await client.meter();
  const { limit: most, remaining, reset } = resources.core;
  const until = new Date(reset * 1_000).toISOString().slice(11, 16);
  const detail = `${remaining} of ${most} requests left until ${until}Z; of its own ${own.limit} an hour Millwright has used ${own.used}`;
  if (remaining * 10 >= most && own.used < own.limit) return [ok('requests', detail)];
  return [warning('requests', detail, 'what waits goes on when the hour is over')];
}
