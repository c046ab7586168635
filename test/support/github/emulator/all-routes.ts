import type { Route } from './call.ts';
import { graphqlRoute } from './graphql.ts';
import type { RateLimits } from './rate-limit.ts';
import { accountRoutes } from './routes/account-routes.ts';
import { actionsRoutes } from './routes/actions-routes.ts';
import { commentRoutes } from './routes/comment-routes.ts';
import { issueRoutes } from './routes/issue-routes.ts';
import { labelRoutes } from './routes/label-routes.ts';
import { pullRoutes } from './routes/pull-routes.ts';
import { repositoryRoutes } from './routes/repository-routes.ts';
import { reviewerRoutes } from './routes/reviewer-routes.ts';

/** Everything that the emulator answers; the first that fits does. */
export function allRoutes(limits: RateLimits): readonly Route[] {
  return [
    ...pullRoutes,
    ...reviewerRoutes,
    ...issueRoutes,
    ...commentRoutes,
    ...labelRoutes,
    ...repositoryRoutes,
    ...actionsRoutes,
    ...accountRoutes(limits),
    graphqlRoute,
  ];
}
