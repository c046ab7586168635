import { MillwrightError } from '../contracts/millwright-error.ts';
import { unknownItem } from '../queue/cancel-item.ts';
import { openQueue } from '../queue/queue.ts';
import { type QueueEvent, QueueWatcher } from '../queue/queue-watcher.ts';
import { recipes } from '../runner/recipes.ts';
import type { CommandInput, Io } from './command.ts';
import { exitCodeOf } from './exit-codes.ts';
import { lookAtWorkspace, withoutControls } from './with-workspace.ts';

export async function watch({ folder, options }: CommandInput, io: Io): Promise<number> {
  const item = typeof options.item === 'string' ? options.item : undefined;
  const every = secondsFrom(String(options.every));
  return lookAtWorkspace(folder, io, async ({ workspace }) => {
    const watcher = new QueueWatcher(openQueue(workspace), recipes, item);
    for (let first = true; !io.signal.aborted; first = false) {
      const events = await watcher.look();
      if (first && item !== undefined && !watcher.knows(item)) throw unknownItem(item);
      for (const event of events) io.out(`${io.json ? JSON.stringify(event) : describe(event)}\n`);
      if (events.some((event) => event.item_id === item && event.slot_id === undefined)) return 0;
      await workspace.clock.sleep(every * 1_000, io.signal);
    }
    return exitCodeOf('interrupted');
  });
}

function secondsFrom(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0.05 && seconds <= 3_600) return seconds;
  throw new MillwrightError(
    'usage',
    `expected 0.05 to 3600 seconds for --every, found ${JSON.stringify(text)}`,
    {
      hint: 'for example --every 2',
    },
  );
}

function describe({
  event,
  item_id,
  slot_id,
  label,
  worker_id,
  state,
  branch_name,
  reason,
  ends,
  at,
}: QueueEvent): string {
  const counts = Object.entries(ends ?? {}).map(([end, n]) => `${n} ${end}`);
  const facts = [slot_id ?? item_id, label, state, worker_id, branch_name, reason, counts.join(', ')];
  const said = [at, event.padEnd(18), ...facts.filter((fact) => fact !== undefined && fact !== '')];
  return withoutControls(said.join('  ')).replaceAll('\n', ' ');
}
