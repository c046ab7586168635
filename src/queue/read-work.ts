import { z } from 'zod';
import { describeZodIssues } from '../contracts/describe-zod.ts';
import { describeIssue } from '../contracts/issue.ts';
import { parseBytes } from '../contracts/parse-text.ts';
import {
  type DeadLetter,
  deadLetter,
  type WorkItem,
  type WorkSlot,
  workItem,
  workSlot,
} from '../contracts/work.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { isRegularFile, type TreeEntry } from '../git/tree.ts';
import { keep, readKept } from '../ledger/kept-json.ts';
import { DEAD, ITEMS, SLOTS } from './paths.ts';

/** The live work on the ledger, by id. */
export interface Work {
  readonly items: ReadonlyMap<string, WorkItem>;
  readonly slots: ReadonlyMap<string, WorkSlot>;
  /** Slots that failed too often, and why. */
  readonly dead: ReadonlyMap<string, DeadLetter>;
  /** Files that are no items or slots: each with its place, and what was expected. They stay where they are. */
  readonly bad: readonly string[];
}

/** Reads live work. A file that was read before is not read again: blobs never change. */
export class WorkReader {
  #items = new Map<Oid, Read<WorkItem>>();
  #slots = new Map<Oid, Read<WorkSlot>>();
  #dead = new Map<Oid, Read<DeadLetter>>();
  readonly #kept: string | undefined;

  /** @param kept where items are kept that were parsed before: YAML takes its time */
  constructor(kept?: string) {
    this.#kept = kept;
  }

  async read(snapshot: Snapshot): Promise<Work> {
    await this.#readItems(snapshot);
    this.#slots = await readFolder(snapshot, SLOTS, '.json', workSlot, this.#slots);
    this.#dead = await readFolder(snapshot, DEAD, '.json', deadLetter, this.#dead);
    const bad = [...this.#items.values(), ...this.#slots.values(), ...this.#dead.values()];
    return {
      items: byId(this.#items, ({ item_id: id }) => id),
      slots: byId(this.#slots, ({ slot_id: id }) => id),
      dead: byId(this.#dead, ({ slot }) => slot.slot_id),
      bad: bad.flatMap(({ problem }) => problem ?? []),
    };
  }

  async #readItems(snapshot: Snapshot): Promise<void> {
    const first = this.#items.size === 0 && this.#kept !== undefined;
    const before = first ? await readItems(this.#kept ?? '') : this.#items;
    this.#items = await readFolder(snapshot, ITEMS, '.yaml', workItem, before);
    const fresh = [...this.#items.keys()].some((oid) => !before.has(oid));
    if (first && fresh) await keepItems(this.#kept ?? '', this.#items);
  }
}

async function readItems(path: string): Promise<Map<Oid, Read<WorkItem>>> {
  const kept = (await readKept(path, z.record(z.string(), workItem))) ?? {};
  return new Map(Object.entries(kept).map(([oid, value]) => [oid, { value }]));
}

async function keepItems(path: string, items: ReadonlyMap<Oid, Read<WorkItem>>): Promise<void> {
  const readable = [...items].flatMap(([oid, { value }]) =>
    value === undefined ? [] : [[oid, value] as const],
  );
  await keep(path, Object.fromEntries(readable));
}

function byId<T>(read: ReadonlyMap<Oid, Read<T>>, idOf: (value: T) => string): Map<string, T> {
  const values = [...read.values()].flatMap(({ value }) => (value === undefined ? [] : [value]));
  return new Map(values.map((value) => [idOf(value), value]));
}

type Read<T> =
  | { readonly value: T; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

async function readFolder<Schema extends z.ZodObject>(
  snapshot: Snapshot,
  folder: string,
  ending: string,
  schema: Schema,
  known: ReadonlyMap<Oid, Read<z.infer<Schema>>>,
): Promise<Map<Oid, Read<z.infer<Schema>>>> {
  const entries = await snapshot.list(folder);
  const files = entries.filter((entry) => isRegularFile(entry) && entry.name.endsWith(ending));
  await snapshot.prefetch(files.filter(({ oid }) => !known.has(oid)).map(({ oid }) => oid));
  const read = files.map(
    async (entry) =>
      [entry.oid, known.get(entry.oid) ?? (await readFile(snapshot, folder, entry, ending, schema))] as const,
  );
  return new Map(await Promise.all(read));
}

async function readFile<Schema extends z.ZodObject>(
  snapshot: Snapshot,
  folder: string,
  entry: TreeEntry,
  ending: string,
  schema: Schema,
): Promise<Read<z.infer<Schema>>> {
  const path = `${folder}/${entry.name}`;
  const bytes = await snapshot.blob(entry.oid);
  const plain = ending === '.json' ? schema.safeParse(plainJson(bytes)) : undefined;
  if (plain?.success === true) return named(path, entry.name, ending, plain.data);
  // Only what is not as it should be is read in the way that knows lines.
  const parsed = parseBytes(bytes, ending);
  const [first] = parsed.ok ? [] : parsed.issues;
  if (!parsed.ok) return { problem: first === undefined ? path : describeIssue(path, first) };
  const checked = schema.safeParse(parsed.data);
  if (!checked.success) {
    const [issue] = describeZodIssues(checked.error, parsed.data, parsed.lineOf, Object.keys(schema.shape));
    return { problem: issue === undefined ? path : describeIssue(path, issue) };
  }
  return named(path, entry.name, ending, checked.data);
}

function plainJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function named<T extends object>(path: string, name: string, ending: string, value: T): Read<T> {
  const { slot, slot_id, item_id } = value as {
    slot?: { slot_id: string };
    slot_id?: string;
    item_id?: string;
  };
  const id = slot?.slot_id ?? slot_id ?? item_id;
  if (`${id}${ending}` === name) return { value };
  return { problem: `${path}: expected the id in the file to be its name, found ${JSON.stringify(id)}` };
}
