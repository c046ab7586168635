import { type PatchTest, patchTest } from '../../contracts/patch-test.ts';
import type { Entry } from '../../contracts/record.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { readRecords } from '../read-records.ts';

export type PatchTestEntry = Entry & PatchTest;

/** The verdicts on patches, by patch. There is one each. */
export async function readTests(snapshot: Snapshot): Promise<ReadonlyMap<string, PatchTestEntry>> {
  const tests = await readRecords<PatchTest>(snapshot, patchTest);
  return new Map(tests.map((test) => [test.patch_id, test]));
}
