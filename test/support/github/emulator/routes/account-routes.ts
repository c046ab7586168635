import { type Answer, ok, refused } from '../answer.ts';
import type { Call, Route } from '../call.ts';
import type { RateLimits } from '../rate-limit.ts';
import { userView } from '../views/user-view.ts';

/** What belongs to the token, not to the repository. */
export function accountRoutes(limits: RateLimits): readonly Route[] {
  return [
    { method: 'GET', path: '//user', needs: '', answer: showUser },
    { method: 'GET', path: '//rate_limit', needs: '', answer: (call) => showLimits(call, limits) },
  ];
}

function showUser({ actor, origin, world }: Call): Answer {
  if (actor.type === 'Bot') return refused(403, 'Resource not accessible by integration');
  const nothing = ['company', 'email', 'bio', 'location', 'hireable', 'twitter_username'];
  return ok({
    ...userView(origin, actor.login),
    name: actor.login,
    blog: '',
    ...Object.fromEntries(nothing.map((field) => [field, null])),
    public_repos: 1,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: world.createdAt,
    updated_at: world.createdAt,
  });
}

function showLimits({ token }: Call, limits: RateLimits): Answer {
  const core = limits.numbers(token);
  const untouched = { ...core, used: 0, remaining: core.limit };
  return ok({ resources: { core, search: untouched, graphql: untouched }, rate: core });
}
