import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/contracts/clock.ts';
import { type Settings, settings as settingsSchema } from '../../src/contracts/settings.ts';
import { openCells } from '../../src/git/cell.ts';
import { commitBody } from '../../src/git/commit-body.ts';
import { applyEdits } from '../../src/git/edit.ts';
import type { Log } from '../../src/git/log.ts';
import { newObject } from '../../src/git/object-oid.ts';
import { emptyTree, ObjectStore } from '../../src/git/object-store.ts';
import type {
  NewObject,
  RefTransport,
  RefUpdate,
  RefVerdict,
  ServerTime,
} from '../../src/git/ref-transport.ts';
import type { Oid, Repository } from '../../src/git/repository.ts';
import { Snapshot } from '../../src/git/snapshot.ts';
import { parseTree, treeBody } from '../../src/git/tree.ts';
import type { PassContext } from '../../src/ledger/controller.ts';
import { RecordIndex } from '../../src/ledger/record-index.ts';
import type { Workspace } from '../../src/ledger/workspace.ts';
import { openQueue, type Queue } from '../../src/queue/queue.ts';
import { startOfTime } from './sample-work.ts';

/** What befalls a push or a look. A test puts it in; by default nothing does. */
export interface Weather {
  /** Called with what is about to be pushed; may wait, or throw. */
  beforePush?: (updates: readonly RefUpdate[]) => Promise<void> | void;
  /** The same, when the refs have moved and the answer is on its way. */
  afterPush?: (updates: readonly RefUpdate[]) => Promise<void> | void;
  beforeLook?: () => Promise<void> | void;
  serverTime?: () => ServerTime | undefined;
}

/** A machine with a copy of its own: what it has not fetched it does not have. */
export interface Machine {
  readonly context: PassContext;
  readonly workspace: Workspace;
  readonly queue: Queue;
  readonly weather: Weather;
  /** Every push that it has tried, in order. */
  readonly pushes: (readonly RefUpdate[])[];
  looks: number;
}

/** A place of truth in memory, whose compare-and-swap is exact. */
export interface MemoryPlace extends AsyncDisposable {
  readonly refs: Map<string, Oid>;
  machine(options?: { clock?: Clock; settings?: Partial<Settings> }): Machine;
}

export function memoryPlace(clock: Clock): MemoryPlace {
  const [refs, objects] = [new Map<string, Oid>(), new Map<Oid, NewObject>()];
  const folder = mkdtempSync(join(tmpdir(), 'millwright-memory-'));
  return {
    refs,
    machine: (options = {}) => openMachine({ refs, objects, folder, clock, ...options }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Truth {
  readonly refs: Map<string, Oid>;
  readonly objects: Map<Oid, NewObject>;
  readonly folder: string;
  readonly clock: Clock;
  readonly settings?: Partial<Settings>;
}

function openMachine(truth: Truth): Machine {
  const { clock, folder } = truth;
  const local = new Map<Oid, NewObject>();
  const store = memoryStore(local);
  const settings = { ...settingsSchema.parse({}), ...truth.settings };
  const [weather, pushes]: [Weather, (readonly RefUpdate[])[]] = [{}, []];
  const counts = { looks: 0 };
  const refs = transportOf(truth, { local, store, weather, pushes, counts });
  const budget = {
    take: async () => undefined,
    meter: async () => ({ used: 0, limit: null, waiting: 0 }),
  };
  const namespace = settings.ref_namespace;
  const { author } = settings;
  const log = logOver(refs, store, local, clock, settings.limits.publish_attempts);
  const workspace: Workspace = {
    root: folder,
    settings,
    repository: nowhere(folder),
    store,
    clock,
    refs,
    remote: undefined,
    budget,
    log,
    base: log,
    cells: openCells({ transport: refs, store, clock, budget, namespace, author }),
    followUps: new Map(),
    cache: join(folder, 'cache'),
    warnings: [],
    close: () => undefined,
  };
  const context = { workspace, index: new RecordIndex(workspace.cache) };
  const queue = openQueue(workspace);
  return {
    context,
    workspace,
    queue,
    weather,
    pushes,
    get looks() {
      return counts.looks;
    },
    set looks(n) {
      counts.looks = n;
    },
  };
}

const nowhere = (folder: string): Repository => ({
  root: folder,
  gitDir: folder,
  commonDir: folder,
  bare: true,
});

/** The real store, whose objects all are remembered ones: no file, no process. */
function memoryStore(local: Map<Oid, NewObject>): ObjectStore {
  const keep = (type: NewObject['type'], body: Uint8Array): Oid => {
    const object = newObject(type, body);
    local.set(object.oid, object);
    return object.oid;
  };
  const store = new ObjectStore(nowhere('/nowhere'));
  return Object.assign(store, {
    read: async (oid: Oid) => {
      const found = local.get(oid);
      return found && { oid, type: found.type, body: Buffer.from(found.body) };
    },
    remember: (objects: readonly NewObject[]) => {
      for (const object of objects) local.set(object.oid, object);
    },
    prefetch: async () => undefined,
    writeBlob: async (content: Uint8Array) => keep('blob', content),
    writePack: async (contents: readonly Uint8Array[]) => contents.map((content) => keep('blob', content)),
    writeTree: async (entries: Parameters<ObjectStore['writeTree']>[0]) => keep('tree', treeBody(entries)),
    writeCommit: async (draft: Parameters<ObjectStore['writeCommit']>[0]) =>
      keep('commit', commitBody(draft)),
  });
}

interface Side {
  readonly local: Map<Oid, NewObject>;
  readonly store: ObjectStore;
  readonly weather: Weather;
  readonly pushes: (readonly RefUpdate[])[];
  readonly counts: { looks: number };
}

function transportOf(truth: Truth, side: Side): RefTransport {
  const { local, weather, pushes, counts } = side;
  const look = async (patterns: readonly string[]) => {
    counts.looks += 1;
    await weather.beforeLook?.();
    return new Map([...truth.refs].filter(([ref]) => patterns.some((one) => matches(one, ref))));
  };
  return {
    name: 'memory',
    look,
    read: async (patterns) => {
      const found = await look(patterns);
      for (const oid of found.values()) fetchAll(truth.objects, local, oid);
      return found;
    },
    push: async (updates, objects = []) => {
      pushes.push(updates);
      await weather.beforePush?.(updates);
      for (const object of objects) truth.objects.set(object.oid, object);
      for (const { next } of updates) if (next !== null) fetchAll(local, truth.objects, next);
      const verdicts = updates.map((update) => swapRef(truth.refs, update));
      await weather.afterPush?.(updates);
      return verdicts;
    },
    serverTime: () => weather.serverTime?.(),
  };
}

function matches(pattern: string, ref: string): boolean {
  return pattern.endsWith('/') ? ref.startsWith(pattern) : ref === pattern;
}

function swapRef(refs: Map<string, Oid>, { ref, expected, next }: RefUpdate): RefVerdict {
  if (expected === null && next === null) return { result: 'lost', detail: 'there was nothing to delete' };
  const now = refs.get(ref) ?? null;
  if (now !== expected) return { result: 'lost', detail: `${ref} is at ${now}`, certain: true };
  if (next === null) refs.delete(ref);
  else refs.set(ref, next);
  return { result: 'moved' };
}

/** Copies what an object names and the other side lacks. */
function fetchAll(from: ReadonlyMap<Oid, NewObject>, to: Map<Oid, NewObject>, oid: Oid): void {
  const object = from.get(oid);
  if (object === undefined || to.has(oid)) return;
  to.set(oid, object);
  for (const named of namedBy(object)) fetchAll(from, to, named);
}

function namedBy({ type, body }: NewObject): Oid[] {
  if (type === 'blob') return [];
  if (type === 'tree') return parseTree(Buffer.from(body)).map(({ oid }) => oid);
  const [headers = ''] = Buffer.from(body).toString('latin1').split('\n\n');
  return [...headers.matchAll(/^(?:tree|parent) ([0-9a-f]{40})$/gm)].map((found) => found[1] ?? '');
}

const LEDGER = 'refs/heads/main';

/** A serial history of whole-tree transactions, as the real log promises it. */
function logOver(
  refs: RefTransport,
  store: ObjectStore,
  local: Map<Oid, NewObject>,
  clock: Clock,
  attempts: number,
): Log {
  const author = { name: 'Millwright', email: 'millwright@localhost' };
  const tip = async () => {
    const commit = (await refs.read([LEDGER])).get(LEDGER) ?? null;
    return {
      commit,
      snapshot: new Snapshot(store, commit === null ? emptyTree : await store.treeOf(commit)),
    };
  };
  return {
    tip,
    transact: async ({ subject }, decide) => {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const { commit: expected, snapshot } = await tip();
        const { edits, value } = await decide(snapshot);
        const tree = await applyEdits(store, snapshot.tree, edits);
        if (tree === snapshot.tree) return { value, commit: null };
        const parents = expected === null ? [] : [expected];
        const body = commitBody({ tree, parents, message: subject, author, at: clock.now() });
        const next = newObject('commit', body);
        local.set(next.oid, next);
        const [verdict] = await refs.push([{ ref: LEDGER, expected, next: next.oid }]);
        if (verdict?.result === 'moved') return { value, commit: next.oid };
      }
      throw new Error('lost every race');
    },
  };
}

/** Time that passes only when it is told to, and a little with every look at it, so that no two are the same. */
export interface ManualClock extends Clock {
  advance(seconds: number): void;
  /** The same time, as a machine shows it whose wall clock is wrong by so many seconds. */
  skewed(seconds: number): Clock;
}

const TICK_MS = 1e-6;

export function manualClock(): ManualClock {
  let ms = 0;
  const at = (skewMs: number): Clock => ({
    now: () => new Date(startOfTime.getTime() + ms + skewMs),
    monotonicMs: () => {
      ms += TICK_MS;
      return ms;
    },
    sleep: async () => undefined,
  });
  return {
    ...at(0),
    advance: (seconds) => {
      ms += seconds * 1_000;
    },
    skewed: (seconds) => at(seconds * 1_000),
  };
}
