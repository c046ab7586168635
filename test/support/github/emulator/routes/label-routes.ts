import { type Answer, invalid, ok, refused } from '../answer.ts';
import { type Call, type Route, textOf, textsOf } from '../call.ts';
import { withIssue } from '../find-thread.ts';
import { paged } from '../paginate.ts';
import { note } from '../thread-state.ts';
import { labelView } from '../views/label-view.ts';
import type { Thread, World } from '../world.ts';

const reads = 'issues=read; pull_requests=read';
const writes = 'issues=write; pull_requests=write';
const path = '/issues/{number}/labels';

export const labelRoutes: readonly Route[] = [
  { method: 'GET', path: '/labels', needs: reads, answer: listAll },
  { method: 'POST', path: '/labels', needs: writes, answer: create },
  { method: 'GET', path, needs: reads, answer: (call) => withIssue(call, (thread) => listOf(call, thread)) },
  { method: 'POST', path, needs: writes, answer: (call) => withIssue(call, (thread) => add(call, thread)) },
  {
    method: 'PUT',
    path,
    needs: writes,
    answer: (call) => withIssue(call, (thread) => replace(call, thread)),
  },
  {
    method: 'DELETE',
    path,
    needs: writes,
    answer: (call) => withIssue(call, (thread) => clear(call, thread)),
  },
  {
    method: 'DELETE',
    path: `${path}/{name...}`,
    needs: writes,
    answer: (call) => withIssue(call, (thread) => remove(call, thread)),
  },
];

function listAll(call: Call): Answer {
  return paged(call, [...call.world.labels.values()], ({ name }) => labelView(call.world, call.origin, name));
}

function create(call: Call): Answer {
  const { world } = call;
  const name = textOf(call, 'name') ?? '';
  if (name === '') return invalid({ resource: 'Label', code: 'missing_field', field: 'name' });
  if (world.labels.has(name.toLowerCase()))
    return invalid({ resource: 'Label', code: 'already_exists', field: 'name' });
  knowLabel(world, name, textOf(call, 'color'), textOf(call, 'description'));
  return ok(labelView(world, call.origin, name), 201);
}

/** A label that is put on something before it exists comes into being. */
function knowLabel(world: World, name: string, color = 'ededed', description?: string): string {
  const key = name.toLowerCase();
  const found = world.labels.get(key);
  if (found !== undefined) return found.name;
  world.labels.set(key, { id: world.nextId(), name, color, description: description ?? null });
  return name;
}

function listOf(call: Call, thread: Thread): Answer {
  return paged(call, thread.labels, (name) => labelView(call.world, call.origin, name));
}

function shown(call: Call, thread: Thread): Answer {
  return ok(thread.labels.map((name) => labelView(call.world, call.origin, name)));
}

function add(call: Call, thread: Thread): Answer {
  const wanted = [...thread.labels, ...(textsOf(call, 'labels') ?? [])];
  setLabels(call.world, thread, wanted, call.actor.login);
  return shown(call, thread);
}

function replace(call: Call, thread: Thread): Answer {
  setLabels(call.world, thread, textsOf(call, 'labels') ?? [], call.actor.login);
  return shown(call, thread);
}

function clear(call: Call, thread: Thread): Answer {
  setLabels(call.world, thread, [], call.actor.login);
  return { status: 204 };
}

function remove(call: Call, thread: Thread): Answer {
  const name = (call.params.name ?? '').toLowerCase();
  const rest = thread.labels.filter((label) => label.toLowerCase() !== name);
  if (rest.length === thread.labels.length) return refused(404, 'Label does not exist');
  setLabels(call.world, thread, rest, call.actor.login);
  return shown(call, thread);
}

/** Gives a thread exactly these labels, and notes what changed. */
export function setLabels(world: World, thread: Thread, names: readonly string[], actor: string): void {
  const wanted = [...new Set(names.map((name) => knowLabel(world, name)))];
  const before = thread.labels;
  const label = (name: string) => ({ data: { label: { name, color: 'ededed' } } });
  for (const name of wanted) if (!before.includes(name)) note(world, thread, 'labeled', actor, label(name));
  for (const name of before) if (!wanted.includes(name)) note(world, thread, 'unlabeled', actor, label(name));
  thread.labels = wanted;
}
