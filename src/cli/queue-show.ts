import { listQueue, type QueueListing, type SlotRow } from '../queue/list-queue.ts';
import { openQueue } from '../queue/queue.ts';
import { type QueueStats, queueStats } from '../queue/queue-stats.ts';
import type { SlotFilter } from '../queue/ready-slots.ts';
import { showWork, type WorkShown } from '../queue/show-work.ts';
import { recipes } from '../runner/recipes.ts';
import type { CommandInput, Io } from './command.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

export async function list({ folder, options }: CommandInput, io: Io): Promise<number> {
  return lookAtWorkspace(folder, io, async ({ workspace }) => {
    print(io, await listQueue(openQueue(workspace), filterFrom(options)), describeListing);
    return 0;
  });
}

export async function show({ folder, args }: CommandInput, io: Io): Promise<number> {
  return lookAtWorkspace(folder, io, async ({ workspace }) => {
    print(io, await showWork(openQueue(workspace), args[0] ?? ''), describeShown);
    return 0;
  });
}

export async function stats({ folder }: CommandInput, io: Io): Promise<number> {
  return lookAtWorkspace(folder, io, async ({ workspace }) => {
    print(io, await queueStats(openQueue(workspace), recipes), describeStats);
    return 0;
  });
}

/** What `--item` and `--kinds` say. */
export function filterFrom(options: Readonly<Record<string, unknown>>): SlotFilter {
  const names = typeof options.kinds === 'string' ? options.kinds.split(',').map((name) => name.trim()) : [];
  return {
    ...(names.length === 0 ? {} : { kinds: new Set(names) }),
    ...(typeof options.item === 'string' ? { item: options.item } : {}),
  };
}

function describeListing({ items, slots, bad }: QueueListing): string {
  const problems = bad.map((problem) => `unreadable: ${problem}`);
  if (slots.length === 0) return ['the queue is empty', ...problems].join('\n');
  const titles = new Map(items.map(({ item_id: id, kind, title }) => [id, `${kind} ${id}: ${title}`]));
  const lines = [...new Set(slots.map(({ item_id: id }) => id))].flatMap((id) => [
    titles.get(id) ?? id,
    ...slots.filter((slot) => slot.item_id === id).map(describeSlot),
  ]);
  return [...lines, ...problems].join('\n');
}

function describeSlot(slot: SlotRow): string {
  const who = slot.worker_id === undefined ? '' : `${slot.worker_id}, token ${slot.token ?? ''}`;
  const more = slot.needs === undefined ? (slot.reason ?? '') : `needs ${slot.needs}`;
  const columns = [slot.state.padEnd(10), slot.slot_id, slot.label ?? '', who, more];
  return `  ${columns.filter((text) => text !== '').join('  ')}`;
}

function describeShown(shown: WorkShown): string {
  const facts = Object.entries(shown.what)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `${name.padEnd(14)} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    );
  const life = shown.life.map(
    ({ at, state, token, worker_id: worker, reason }) =>
      `  ${at}  ${state.padEnd(9)} token ${token}  ${worker}${reason === undefined ? '' : `: ${reason}`}`,
  );
  return [...facts, ...(life.length === 0 ? [] : ['life', ...life]), ...shown.slots.map(describeSlot)].join(
    '\n',
  );
}

function describeStats(counts: QueueStats): string {
  return Object.entries(counts)
    .map(([name, states]) => {
      const parts = Object.entries(states).map(([state, n]) => `${n} ${state}`);
      return `${name.padEnd(10)} ${parts.join(', ')}`;
    })
    .join('\n');
}
