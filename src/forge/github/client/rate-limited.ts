import { MillwrightError } from '../../../contracts/millwright-error.ts';

/** GitHub wants to be left alone for longer than one call waits. */
export function rateLimited(retryAt: Date, action?: string): MillwrightError {
  const at = retryAt.toISOString();
  const what = action === undefined ? '' : `could not ${action}: `;
  return new MillwrightError('github-rate-limited', `${what}GitHub takes no more requests before ${at}`, {
    hint: 'what waits goes on with the next pass; fewer requests: github.requests_per_hour in millwright.yaml',
    retry: 'back-off',
    data: { retry_at: at },
  });
}
