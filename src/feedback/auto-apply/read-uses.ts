import { type AutoApply, autoApply } from '../../contracts/auto-apply.ts';
import type { Entry } from '../../contracts/record.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { readRecords } from '../read-records.ts';

/** The uses of the policy, oldest first. */
export function readUses(snapshot: Snapshot): Promise<(Entry & AutoApply)[]> {
  return readRecords<AutoApply>(snapshot, autoApply);
}
