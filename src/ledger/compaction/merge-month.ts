import { MillwrightError } from '../../contracts/millwright-error.ts';
import { applyEdits, type Edit } from '../../git/edit.ts';
import type { ObjectStore } from '../../git/object-store.ts';
import type { Oid } from '../../git/repository.ts';
import { Snapshot } from '../../git/snapshot.ts';
import { type BadLine, listSegments } from '../segments.ts';
import { hashLines } from './hash-lines.ts';
import type { MonthPlan, SizedSegment } from './plan-compaction.ts';
import { type MonthContent, readMonth } from './read-month.ts';
import { type RecordFacts, RecordSet } from './record-set.ts';

export interface MergedMonth {
  readonly edits: readonly Edit[];
  readonly content: MonthContent;
  /** Lines that are no records, where they stand after the edits. */
  readonly bad: readonly BadLine[];
}

/**
 * Writes the merged segments of a month, and proves that they hold what the old ones held: every line in its
 * place, and the same set of records. What is proved is read back from the tree that the edits make.
 * Publishes nothing. Throws `compaction-mismatch`.
 */
export async function mergeMonth(
  store: ObjectStore,
  snapshot: Snapshot,
  plan: MonthPlan,
): Promise<MergedMonth> {
  const edits: Edit[] = [];
  const merged = new Map<SizedSegment, Oid>();
  const content = await readMonth(snapshot, plan, async (group, joined) => {
    const oid = await store.writeBlob(joined);
    if (!(await snapshot.blob(oid)).equals(joined)) throw mismatch(plan, 'were not stored as they are');
    const [first, ...others] = group;
    if (first === undefined) return;
    merged.set(first, oid);
    edits.push({ put: first.path, oid }, ...others.map(({ path }) => ({ remove: path })));
  });
  const wanted = plan.groups.flatMap(([first]) => (first && merged.get(first)) ?? first?.oid ?? []);
  const next = new Snapshot(store, await applyEdits(store, snapshot.tree, edits));
  return { edits, content, bad: await prove(next, plan, wanted, content) };
}

/** Lines are in their places when the segments are, and each was found equal to its parts laid end to end. */
async function prove(
  snapshot: Snapshot,
  plan: MonthPlan,
  wanted: readonly Oid[],
  { facts, untouched }: MonthContent,
): Promise<readonly BadLine[]> {
  const records = new RecordSet();
  const segments = (await listSegments(snapshot, plan.kind)).filter(({ month }) => month === plan.month);
  for (const { oid, path } of segments)
    records.add(path, untouched.get(oid) ?? hashLines(await snapshot.blob(oid)));
  const found = records.facts();
  if (segments.map(({ oid }) => oid).join() !== wanted.join())
    throw mismatch(plan, 'would not be in their order');
  if (!sameFacts(found, facts)) throw mismatch(plan, 'would not be the same', { found, expected: facts });
  return records.bad;
}

function sameFacts(a: RecordFacts, b: RecordFacts): boolean {
  return a.digest === b.digest && a.records === b.records && a.unreadable === b.unreadable;
}

function mismatch({ kind, month }: MonthPlan, what: string, data: object = {}): MillwrightError {
  return new MillwrightError('compaction-mismatch', `the records of ${kind} ${month} ${what} when merged`, {
    hint: 'nothing was changed; see what "git fsck" says, and report this if it finds nothing',
    retry: 'never',
    data: { kind, month, ...data },
  });
}
