import { type Claim, claim as claimSchema } from '../../src/contracts/work.ts';
import { Claimer } from '../../src/queue/claimer.ts';
import type { Held } from '../../src/queue/held.ts';
import type { WorkerIdentity } from '../../src/queue/slot-machine.ts';
import {
  type Machine,
  type ManualClock,
  type MemoryPlace,
  manualClock,
  memoryPlace,
} from './memory-place.ts';
import { putWork, sampleSlot } from './sample-work.ts';

/** How a step of a worker may go wrong on its way. */
export type Fault =
  | 'none'
  /** It stands still before its push, and acts later on what it knew. */
  | 'pause before'
  /** It stands still after its push, and hears the answer later. */
  | 'pause after'
  /** The swap happens; its answer, and every question about it, is lost. */
  | 'answer lost'
  /** The swap never arrives. */
  | 'cut';
export const faults: readonly Fault[] = ['none', 'pause before', 'pause after', 'answer lost', 'cut'];

export interface Worker {
  readonly identity: WorkerIdentity;
  machine: Machine;
  claimer: Claimer;
  /** What it believes to hold, by slot. */
  readonly held: Map<string, Held>;
  /** Slots on which it has stopped working, and only has to say so. */
  readonly done: Set<string>;
  /** How often it has looked at the whole queue. */
  sights: number;
  /** True after an error: it may own a claim that it does not know of. */
  unsure: boolean;
  standing: Standing | undefined;
}

/** A step that stands still. `settle` goes on with it and tells what it came to. */
export interface Standing {
  settle(): Promise<void>;
  kill(): void;
}

export const slots = [
  sampleSlot('a-1', { lease_seconds: 30, max_attempts: 2 }),
  sampleSlot('a-2', { lease_seconds: 30, max_attempts: 2, needs: ['a-1'] }),
  sampleSlot('a-3', { lease_seconds: 30, max_attempts: 2, needs: ['a-2'] }),
  sampleSlot('b-1', { lease_seconds: 30, max_attempts: 2, priority: 1 }),
  sampleSlot('b-2', { lease_seconds: 30, max_attempts: 2 }),
];

/** Three workers whose wall clocks differ, a desk for passes and people, and one who only looks. */
export interface Crew extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly place: MemoryPlace;
  readonly workers: readonly Worker[];
  readonly desk: Machine;
  readonly witness: Machine;
}

const skews = [0, 20, -20];

export async function hire(): Promise<Crew> {
  const clock = manualClock();
  const place = memoryPlace(clock);
  const [desk, witness] = [place.machine(), place.machine()];
  await putWork(desk.workspace, slots);
  const workers = skews.map((_, at) => engage(place, clock, at));
  return { clock, place, workers, desk, witness, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
}

function engage(place: MemoryPlace, clock: ManualClock, at: number): Worker {
  const worker: Worker = {
    identity: { worker_id: `w${at}`, host: `h${at}`, pid: at },
    ...openMachine(place, clock, at),
    held: new Map(),
    done: new Set(),
    sights: 0,
    unsure: false,
    standing: undefined,
  };
  countSights(worker);
  return worker;
}

function openMachine(place: MemoryPlace, clock: ManualClock, at: number) {
  const machine = place.machine({ clock: clock.skewed(skews[at] ?? 0) });
  return { machine, claimer: new Claimer(machine.queue, { watches: true }) };
}

function countSights(worker: Worker): void {
  const { view } = worker.machine.queue;
  const look = view.look.bind(view);
  view.look = () => {
    worker.sights += 1;
    return look();
  };
}

/** A kill: the worker starts again and knows nothing. */
export function restart({ place, clock, workers }: Crew, worker: Worker): void {
  worker.standing?.kill();
  Object.assign(worker, openMachine(place, clock, workers.indexOf(worker)));
  Object.assign(worker, { sights: 0, unsure: false, standing: undefined });
  worker.held.clear();
  worker.done.clear();
  countSights(worker);
}

const read = new Map<string, Claim & { commit: string }>();

/** What lies in every cell. */
export async function truth({ place, witness }: Crew): Promise<Map<string, Claim & { commit: string }>> {
  const cells = [...place.refs].filter(([ref]) => ref.startsWith('refs/millwright/slots/'));
  const claims = cells.map(async ([ref, commit]) => {
    const id = ref.replace('refs/millwright/slots/', '');
    const known = read.get(commit);
    if (known !== undefined) return [id, known] as const;
    const cell = await witness.workspace.cells.read('slots', id);
    if (cell === null) throw new Error(`${id} has gone`);
    const claim = { ...claimSchema.parse(JSON.parse(cell.content.toString('utf8'))), commit: cell.commit };
    read.set(commit, claim);
    return [id, claim] as const;
  });
  return new Map(await Promise.all(claims));
}

const lost = new Error('the answer was lost');

/**
 * Starts a step of a worker under a fault. `then` hears how it ended, now or when the worker goes on.
 * `arrived` is called when a swap of it has been judged, or never.
 */
export async function start<T>(
  worker: Worker,
  fault: Fault,
  step: () => Promise<T>,
  then: (outcome: { value: T } | { error: unknown }, wasStanding: boolean) => Promise<void>,
): Promise<void> {
  const { weather } = worker.machine;
  let open: () => void = () => undefined;
  let kill: () => void = () => undefined;
  let standing: () => void = () => undefined;
  const stands = new Promise<'stands'>((resolve) => {
    standing = () => resolve('stands');
  });
  const gate = () => {
    clear(worker);
    standing();
    return new Promise<void>((resolve, reject) => {
      [open, kill] = [resolve, () => reject(lost)];
    });
  };
  const fail = () => {
    weather.beforeLook = () => {
      throw lost;
    };
    throw lost;
  };
  if (fault === 'pause before') weather.beforePush = gate;
  if (fault === 'pause after') weather.afterPush = gate;
  if (fault === 'answer lost') weather.afterPush = fail;
  if (fault === 'cut') weather.beforePush = fail;
  const outcome = step().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const first = await Promise.race([outcome, stands]);
  clear(worker);
  if (first !== 'stands') return then(first, false);
  worker.standing = {
    settle: async () => {
      worker.standing = undefined;
      open();
      await then(await outcome, true);
    },
    kill: () => {
      weather.beforePush = fail;
      kill();
    },
  };
}

function clear({ machine: { weather } }: Worker): void {
  delete weather.beforePush;
  delete weather.afterPush;
  delete weather.beforeLook;
}
