import type { LedgerEvidence, Placed } from './evidence.ts';
import type { Violation } from './violation.ts';

/** A record is there once. Pure. */
export function judgeTwice({ slotEvents, itemEvents, outcomes }: LedgerEvidence): Violation[] {
  return [slotEvents, itemEvents, outcomes].flatMap(repeated);
}

function repeated(records: readonly Placed<{ readonly id: string }>[]): Violation[] {
  const seen = new Map<string, string>();
  return records.flatMap(({ said: { id }, where }) => {
    const first = seen.get(id);
    seen.set(id, first ?? where);
    const found = `the record ${id} again, after ${first}`;
    return first === undefined
      ? []
      : [{ rule: 'recorded-twice', where, found, expected: 'each record once' }];
  });
}
