import { type Contract, contentDigest, type Entry, toEntry, toLine } from '../contracts/record.ts';
import type { Edit } from '../git/edit.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { appendLines } from './append-lines.ts';
import type { Known, RecordIndex } from './record-index.ts';

export interface Recording {
  readonly edits: readonly Edit[];
  /** What the history knew about each contract, in the order given. */
  readonly known: readonly Known[];
  /** The entries that are new, in the order given. */
  readonly added: readonly Entry[];
}

/** What a new record brings along in the same commit. Pure: it may be asked again on a newer snapshot. */
export type FollowUp = (
  contract: Contract,
  at: Date,
) => { readonly edits: readonly Edit[]; readonly contracts: readonly Contract[] };

export interface RecordingOptions {
  readonly index: RecordIndex;
  readonly recordedAt: Date;
  readonly segmentBytes: number;
  /** By kind. */
  readonly followUps?: ReadonlyMap<string, FollowUp>;
}

/**
 * Edits that add contracts to the history. A contract that is there already, with the same content, adds
 * nothing; one with the id of another is `other` and adds nothing either. Both also hold within the batch.
 */
export async function recordContracts(
  snapshot: Snapshot,
  contracts: readonly Contract[],
  options: RecordingOptions,
): Promise<Recording> {
  const known: Known[] = new Array(contracts.length).fill('new');
  const added: Entry[] = [];
  const edits: Edit[] = [];
  for (const [kindName, places] of byKind(contracts)) {
    const entries = places.map(({ contract }) => toEntry(contract, options.recordedAt));
    const looked = markRepeats(entries, await options.index.look(snapshot, kindName, entries), places);
    for (const [at, { place }] of places.entries()) known[place] = looked[at] ?? 'new';
    const fresh = entries.filter((_, at) => looked[at] === 'new');
    added.push(...fresh);
    const lines = fresh.map((entry) => ({ month: entry.recorded_at.slice(0, 7), text: toLine(entry) }));
    edits.push(...(await appendLines(snapshot, kindName, lines, options.segmentBytes)));
  }
  const fresh = contracts.filter((_, at) => known[at] === 'new');
  return { edits: [...edits, ...(await followUpEdits(snapshot, fresh, options))], known, added };
}

async function followUpEdits(
  snapshot: Snapshot,
  fresh: readonly Contract[],
  { followUps, ...options }: RecordingOptions,
): Promise<Edit[]> {
  const brought = fresh.flatMap((contract) => {
    const followUp = followUps?.get(contract.kind.name);
    return followUp === undefined ? [] : [followUp(contract, options.recordedAt)];
  });
  if (brought.length === 0) return [];
  const more = await recordContracts(
    snapshot,
    brought.flatMap(({ contracts }) => contracts),
    options,
  );
  return [...brought.flatMap(({ edits }) => edits), ...more.edits];
}

interface Place {
  readonly place: number;
  readonly contract: Contract;
}

function byKind(contracts: readonly Contract[]): Map<string, Place[]> {
  const kinds = new Map<string, Place[]>();
  for (const [place, contract] of contracts.entries()) {
    const places = kinds.get(contract.kind.name) ?? [];
    places.push({ place, contract });
    kinds.set(contract.kind.name, places);
  }
  return kinds;
}

/** The second contract with an id in one batch is held against the first. */
function markRepeats(entries: readonly Entry[], looked: readonly Known[], places: readonly Place[]): Known[] {
  const first = new Map<string, Entry>();
  return entries.map((entry, at) => {
    const verdict = looked[at] ?? 'new';
    const before = first.get(entry.id);
    if (verdict !== 'new' || before === undefined) {
      first.set(entry.id, entry);
      return verdict;
    }
    const kind = places[at]?.contract.kind;
    return contentDigest(before, kind) === contentDigest(entry, kind) ? 'same' : 'other';
  });
}
