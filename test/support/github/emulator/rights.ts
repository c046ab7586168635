import { type Answer, notFound, refused } from './answer.ts';
import type { Call, Route } from './call.ts';
import type { Level, Right, TokenRights } from './options.ts';

const ranks: Readonly<Record<Level, number>> = { none: 0, read: 1, write: 2 };

/**
 * The refusal when a token may not do this. Reading is refused without the right in a public repository as
 * well: GitHub shows more there, and code that lives with less is right in both. A private repository is not
 * there at all for a token that may see nothing of it.
 */
export function refusalOf(call: Call, { path, needs }: Route): Answer | undefined {
  const isHidden = call.world.options.isPrivate === true && !mayAnything(call.actor);
  if (isHidden && !path.startsWith('//')) return notFound();
  if (needs === '' || mayDo(call.actor, fittingNeeds(call, needs))) return undefined;
  const kind = call.actor.type === 'Bot' ? 'integration' : 'personal access token';
  return refused(403, `Resource not accessible by ${kind}`);
}

/** What a right over pull requests opens on the paths of issues are pull requests, not issues. */
function fittingNeeds({ world, params }: Call, needs: string): string {
  const thread = world.threads.get(Number(params.number));
  return thread === undefined || thread.pull !== undefined ? needs : needs.replace(/; pull_requests=\w+/, '');
}

export function mayDo(actor: TokenRights, needs: string): boolean {
  return needs.split('; ').some((alternative) =>
    alternative.split(',').every((pair) => {
      const [right, level] = pair.split('=') as [Right, Level];
      return ranks[actor[right]] >= ranks[level];
    }),
  );
}

export function mayAnything(actor: TokenRights): boolean {
  return ['contents=read', 'pull_requests=read', 'issues=read', 'actions=read'].some((need) =>
    mayDo(actor, need),
  );
}
