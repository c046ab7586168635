import { type PushPriority, pushPriority } from './push-budget.ts';
import {
  type CellOptions,
  type CellSwap,
  type PreparedSwap,
  prepareSwap,
  type SwapVerdict,
  swapCells,
} from './swap-cells.ts';

interface Waiting {
  readonly prepared: PreparedSwap;
  readonly priority: PushPriority;
  settle(verdict: SwapVerdict): void;
}

/**
 * A push path that many workers of one process share: one push at a time, and whatever is asked for meanwhile
 * leaves as the next one. Two swaps of one cell never leave together: the second is decided after the first.
 */
export function groupSwaps(
  options: CellOptions,
): (swaps: readonly CellSwap[], priority: PushPriority) => Promise<SwapVerdict[]> {
  const waiting: Waiting[] = [];
  let running = false;

  const drain = async (): Promise<void> => {
    running = true;
    // What is asked for in the same breath leaves together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const size = await publish(options, waiting);
      // Those that have just been answered are about to ask again.
      if (size > 1) await options.clock.sleep(GATHER_MS);
    }
    running = false;
  };

  return async (swaps, priority) => {
    const prepared = swaps.map((swap) => prepareSwap(options, swap));
    const verdicts = prepared.map(
      (one) => new Promise<SwapVerdict>((settle) => waiting.push({ prepared: one, priority, settle })),
    );
    if (!running) void drain();
    return Promise.all(verdicts);
  };
}

/** Waiting longer than this for company costs more than it brings: measured at 0, 2, 5 and 10 ms. */
const GATHER_MS = 2;

/** A command line, and the list of commands that one server reads, have their limits. */
const LARGEST_GROUP = 2_000;

function takeGroup(waiting: Waiting[]): Waiting[] {
  const refs = new Set<string>();
  const group: Waiting[] = [];
  const left: Waiting[] = [];
  for (const one of waiting.splice(0)) {
    const { ref } = one.prepared.update;
    const fits = group.length < LARGEST_GROUP && !refs.has(ref);
    (fits ? group : left).push(one);
    refs.add(ref);
  }
  waiting.push(...left);
  return group;
}

/** What is asked for while the budget makes everybody wait still comes along. @returns how many left together */
async function publish(options: CellOptions, waiting: Waiting[]): Promise<number> {
  const priority = mostUrgent(waiting);
  const turn = await options.budget.take(priority).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const group = takeGroup(waiting);
  try {
    if (turn !== undefined) throw turn.error;
    const prepared = group.map((one) => one.prepared);
    const verdicts = await swapCells(options, prepared, priority);
    for (const [at, one] of group.entries()) one.settle(verdicts[at] ?? { result: 'taken' });
  } catch (error) {
    for (const one of group) one.settle({ result: 'failed', error, commit: one.prepared.update.next });
  }
  return group.length;
}

function mostUrgent(waiting: readonly Waiting[]): PushPriority {
  const ranked = waiting.map(({ priority }) => priority).sort((a, b) => pushPriority[a] - pushPriority[b]);
  return ranked[0] ?? 'claim';
}
