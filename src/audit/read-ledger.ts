import { parse } from 'yaml';
import type { z } from 'zod';
import { gitBytes, gitText } from '../git/program.ts';
import type { EvidencePlace, LedgerEvidence, Placed } from './evidence.ts';
import { readObjects } from './read-objects.ts';
import { type LineKind, readSegments, type SegmentFile } from './read-segments.ts';
import {
  deadFile,
  itemFile,
  itemStatement,
  outcomeStatement,
  slotFile,
  slotStatement,
} from './statements.ts';
import type { Violation } from './violation.ts';
import { noLedger } from './with-evidence.ts';

/** Reads live work and the queue's records at the tip of the ledger branch. Throws `no-ledger`. */
export async function readLedger(place: EvidencePlace, ledgerBranch: string): Promise<LedgerEvidence> {
  const files = await listFiles(place, ledgerBranch);
  const unreadable: Violation[] = [];
  const folder = <Schema extends z.ZodType>(kind: FolderKind<Schema>) =>
    readFolder(place, files, kind, unreadable);
  const lines = <Schema extends z.ZodType>(kind: LineKind<Schema>) =>
    readSegments(place.run, files, kind, unreadable);
  return {
    items: await folder({
      path: 'queue/items',
      ending: '.yaml',
      rule: 'bad-item',
      schema: itemFile,
      idOf: (item) => item.item_id,
    }),
    live: await folder({
      path: 'queue/slots',
      ending: '.json',
      rule: 'bad-slot',
      schema: slotFile,
      idOf: (slot) => slot.slot_id,
    }),
    dead: await folder({
      path: 'queue/dead',
      ending: '.json',
      rule: 'bad-slot',
      schema: deadFile,
      idOf: ({ slot }) => slot.slot_id,
    }),
    slotEvents: await lines({ name: 'slot_event', schema: slotStatement }),
    itemEvents: await lines({ name: 'item_event', schema: itemStatement }),
    outcomes: [
      ...(await lines({ name: 'outcome', schema: outcomeStatement, concerns: isOfQueue })),
      ...(await lines({ name: 'replay_run', schema: outcomeStatement, concerns: isOfQueue })),
    ],
    unreadable,
  };
}

/** Outcomes come from everywhere; those of the queue name a slot. What a replay came to is a record of its own. */
function isOfQueue(value: object): boolean {
  const { source, extra } = value as { source?: unknown; extra?: { slot_id?: unknown } };
  return source === 'queue' && extra?.slot_id !== undefined;
}

const folders = ['queue/items', 'queue/slots', 'queue/dead'];
const histories = ['state/slot_event', 'state/item_event', 'state/outcome', 'state/replay_run'];

async function listFiles({ run, ledger }: EvidencePlace, branch: string): Promise<SegmentFile[]> {
  const commit = await gitText(['for-each-ref', '--format=%(objectname)', ledger], run);
  if (commit === '') throw noLedger(branch);
  const paths = [...folders, ...histories].map((path) => `${path}/`);
  const list = await gitBytes(['ls-tree', '-r', '-z', '--full-tree', commit, '--', ...paths], run);
  return list
    .toString('utf8')
    .split('\0')
    .filter((line) => /^100\d{3} blob /.test(line))
    .map((line) => ({ oid: line.split(/[ \t]/)[2] ?? '', path: line.slice(line.indexOf('\t') + 1) }));
}

interface FolderKind<Schema extends z.ZodType> {
  readonly path: string;
  readonly ending: '.yaml' | '.json';
  readonly rule: string;
  readonly schema: Schema;
  idOf(file: z.infer<Schema>): string;
}

async function readFolder<Schema extends z.ZodType>(
  { run }: EvidencePlace,
  files: readonly SegmentFile[],
  kind: FolderKind<Schema>,
  unreadable: Violation[],
): Promise<Map<string, Placed<z.infer<Schema>>>> {
  const mine = files.filter(({ path }) => path.startsWith(`${kind.path}/`) && path.endsWith(kind.ending));
  const found = new Map<string, Placed<z.infer<Schema>>>();
  await readObjects(
    mine.map(({ oid }) => oid),
    run,
    (at, content) => {
      const where = mine[at]?.path ?? '';
      const id = where.slice(kind.path.length + 1, -kind.ending.length);
      const said = readFile(kind, content?.toString('utf8') ?? '');
      if (said !== undefined && kind.idOf(said) === id) found.set(id, { said, where });
      else unreadable.push({ rule: kind.rule, where, ...difference(said && kind.idOf(said), id) });
    },
  );
  return found;
}

function readFile<Schema extends z.ZodType>(
  { ending, schema }: FolderKind<Schema>,
  text: string,
): z.infer<Schema> | undefined {
  try {
    const value: unknown = ending === '.json' ? JSON.parse(text) : parse(text, { logLevel: 'error' });
    const read = schema.safeParse(value);
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

function difference(found: string | undefined, id: string): { found: string; expected: string } {
  if (found === undefined) return { found: 'something else', expected: `a file that describes ${id}` };
  return { found: `a file about ${found}`, expected: `the id that the file has for a name, ${id}` };
}
