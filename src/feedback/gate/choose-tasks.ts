import { createHash } from 'node:crypto';
import type { Delta } from '../../contracts/delta.ts';
import type { Persona } from '../../contracts/persona.ts';
import type { ArchivedTask } from './archived-task.ts';
import { type Split, splitOf } from './split-of.ts';

/** The tasks that can say something of a change, best first, and in words which those are. */
export interface Choice {
  readonly tasks: readonly ArchivedTask[];
  /** For a sentence: "archived tasks", or "archived tasks in django/django". */
  readonly what: string;
}

/**
 * The tasks of one side of the split on which a change can show, in an order that only a hash decides: one of
 * each piece of work first, then the second variant of each, so that few of them are of one kind. A route shows
 * in its domains alone, and never in a task that asked for a model itself. Pure.
 */
export function chooseTasks(
  persona: Persona,
  deltas: readonly Delta[],
  tasks: readonly ArchivedTask[],
  side: Split,
): Choice {
  const onSide = tasks.filter(({ group }) => splitOf(persona.id, group) === side);
  const routes = deltas.flatMap((change) => (isRoute(change) ? [change.domain] : []));
  const named = routes.length < deltas.length ? undefined : routes;
  const shown = named === undefined ? onSide : onSide.filter((task) => isTouched(persona, named, task));
  return { tasks: inTurn(persona.id, shown), what: describe(named) };
}

function isRoute(change: Delta): change is Extract<Delta, { domain: unknown }> {
  return change.op === 'set_route' || change.op === 'unset_route';
}

/** The default route is that of every domain without one of its own. */
function isTouched(
  { routing }: Persona,
  routes: readonly (string | null)[],
  { domain, model }: ArchivedTask,
): boolean {
  if (model !== undefined) return false;
  if (domain !== null && routes.includes(domain)) return true;
  return routes.includes(null) && (domain === null || !Object.hasOwn(routing.domains, domain));
}

function describe(routes: readonly (string | null)[] | undefined): string {
  if (routes === undefined) return 'archived tasks';
  const places = routes.map((domain) => domain ?? 'domains without a route of their own');
  return `archived tasks in ${[...new Set(places)].join(' and ')}`;
}

function inTurn(persona: string, tasks: readonly ArchivedTask[]): ArchivedTask[] {
  const byHash = tasks
    .map((task) => ({ task, hash: hashOf(persona, task.taskId) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const seen = new Map<string, number>();
  const ranked = byHash.map(({ task }) => {
    const rank = seen.get(task.group) ?? 0;
    seen.set(task.group, rank + 1);
    return { task, rank };
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ task }) => task);
}

function hashOf(persona: string, taskId: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['order', persona, taskId]))
    .digest('hex');
}
