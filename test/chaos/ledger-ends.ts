import type { GitFolder } from '../support/git-folder.ts';

/** What the ledger says of how slots ended. */
export interface LedgerEnds {
  /** Ends by slot: every one that a record tells. */
  readonly ends: ReadonlyMap<string, readonly SlotEnded[]>;
  /** `<slot>.<token>` of results that came too late and are kept. */
  readonly late: ReadonlySet<string>;
  /** Slots whose outcome is recorded, as often as it is. */
  readonly outcomes: readonly string[];
  /** Slots that are still in the queue. */
  readonly live: readonly string[];
}

export interface SlotEnded {
  readonly event: string;
  readonly token: number;
  readonly worker_id: string;
}

interface Record_ {
  readonly kind: string;
  readonly slot_id?: string;
  readonly event?: string;
  readonly token?: number;
  readonly worker_id?: string;
  readonly extra?: { readonly slot_id?: string };
}

const ended = ['shipped', 'failed', 'dead', 'cancelled'];

/** Reads records with git alone: nothing of the engine takes part. */
export async function readLedger(repository: GitFolder): Promise<LedgerEnds> {
  const names = (await repository.git('ls-tree', '-r', '--name-only', 'main')).split('\n');
  const ends = new Map<string, SlotEnded[]>();
  const outcomes: string[] = [];
  for (const record of await readRecords(repository, names)) {
    if (record.kind === 'outcome') outcomes.push(record.extra?.slot_id ?? '');
    if (record.kind !== 'slot_event' || !ended.includes(record.event ?? '')) continue;
    const { slot_id: slot = '', event = '', token = 0, worker_id = '' } = record;
    ends.set(slot, [...(ends.get(slot) ?? []), { event, token, worker_id }]);
  }
  const named = (pattern: RegExp) => names.flatMap((name) => pattern.exec(name)?.[1] ?? []);
  return {
    ends,
    outcomes,
    late: new Set(named(/^queue\/rejected\/claim\/(.+)\.json$/)),
    live: named(/^queue\/slots\/(.+)\.json$/),
  };
}

async function readRecords(repository: GitFolder, names: readonly string[]): Promise<Record_[]> {
  const segments = names.filter((name) => /^state\/(?:slot_event|outcome)\/.*\.jsonl$/.test(name));
  const texts = await Promise.all(segments.map((name) => repository.git('show', `main:${name}`)));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record_),
  );
}
