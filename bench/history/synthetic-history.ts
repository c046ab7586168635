import { checkContract } from '../../src/contracts/check-contract.ts';
import type { Kind } from '../../src/contracts/kind.ts';
import { findKind } from '../../src/contracts/kinds.ts';
import { type Contract, toEntry, toLine } from '../../src/contracts/record.ts';
import { segmentPath } from '../../src/ledger/paths.ts';
import { loopFields } from './loop-fields.ts';
import { outcomeFields } from './outcome-fields.ts';
import { Place } from './place.ts';
import { itemEventFields, slotEventFields } from './queue-fields.ts';

export interface SyntheticSegment {
  readonly kind: string;
  readonly path: string;
  readonly records: number;
  readonly text: string;
}

interface Part {
  readonly kind: string;
  readonly share: number;
  readonly source: string;
  readonly fields: (place: Place) => Record<string, unknown>;
}

/** Per 10,000 records. Of item events there is one for ten slot events. */
const parts: readonly Part[] = [
  { kind: 'outcome', share: 8_500, source: 'queue', fields: outcomeFields },
  { kind: 'slot_event', share: 1_000, source: 'queue', fields: slotEventFields },
  { kind: 'item_event', share: 100, source: 'queue', fields: itemEventFields },
  { kind: 'llm_call', share: 175, source: 'runner', fields: loopFields.llm_call },
  { kind: 'research_signal', share: 70, source: 'inbox', fields: loopFields.research_signal },
  { kind: 'pass', share: 80, source: 'runner', fields: loopFields.pass },
  { kind: 'patch', share: 25, source: 'upgrade', fields: loopFields.patch },
  { kind: 'patch_decision', share: 25, source: 'review', fields: loopFields.patch_decision },
  { kind: 'recommendation', share: 25, source: 'analysis', fields: loopFields.recommendation },
];

/** The same size in every workspace that has not said otherwise. */
const SEGMENT_BYTES = 262_144;
/** One record in so many is held against the schema of its kind, and the first ones all are. */
const CHECK_EVERY = 997;

/**
 * A history of 24 months, kind by kind, in segments as intake closes them. The same seed gives the same bytes.
 * Throws when a record is not what its kind's schema would have made of it: the generator must not drift.
 */
export function* syntheticHistory(records: number, seed: number): Generator<SyntheticSegment> {
  for (const part of parts) yield* segmentsOf(part, kindOf(part), countOf(part, records), seed);
}

/** The id of the outcome in the middle of such a history. */
export function middleOutcome(records: number): string {
  const count = Math.floor(records * 0.85);
  return Place.idOf('outcome', Math.floor(count / 2), count);
}

/** One more closed segment of outcomes after such a history. */
export function furtherSegment(records: number, nth: number, seed: number): SyntheticSegment {
  const [part] = parts as [Part];
  const kind = kindOf(part);
  const lines: string[] = [];
  let bytes = 0;
  while (bytes < SEGMENT_BYTES - 1_000) {
    const place = new Place(
      part.kind,
      records + nth * 10_000 + lines.length,
      records * 1_000,
      seed + nth + 1,
    );
    const line = lineOf(part, kind, place);
    lines.push(line);
    bytes += Buffer.byteLength(line);
  }
  const path = segmentPath(part.kind, '2026-11', nth + 1);
  return { kind: part.kind, path, records: lines.length, text: lines.join('') };
}

function kindOf(part: Part): Kind {
  const kind = findKind(part.kind);
  if (kind === undefined) throw new Error(`there is no kind ${part.kind}`);
  return kind;
}

function countOf({ share }: Part, records: number): number {
  return Math.floor((records * share) / 10_000);
}

function* segmentsOf(part: Part, kind: Kind, count: number, seed: number): Generator<SyntheticSegment> {
  let [month, number, bytes] = ['', 0, 0];
  let lines: string[] = [];
  const closed = (): SyntheticSegment => ({
    kind: part.kind,
    path: segmentPath(part.kind, month, number),
    records: lines.length,
    text: lines.join(''),
  });
  for (let at = 0; at < count; at += 1) {
    const place = new Place(part.kind, at, count, seed);
    const line = lineOf(part, kind, place);
    const size = Buffer.byteLength(line);
    const here = place.date.toISOString().slice(0, 7);
    if (here !== month || bytes + size > SEGMENT_BYTES) {
      if (lines.length > 0) yield closed();
      number = here === month ? number + 1 : 1;
      [month, bytes, lines] = [here, 0, []];
    }
    lines.push(line);
    bytes += size;
  }
  if (lines.length > 0) yield closed();
}

function lineOf(part: Part, kind: Kind, place: Place): string {
  const contract: Contract = { id: place.id, kind, source: part.source, fields: part.fields(place) };
  const line = toLine(toEntry(contract, place.date));
  if (place.index < 100 || place.index % CHECK_EVERY === 0) check(contract, line, place.date);
  return line;
}

function check({ id, kind, source, fields }: Contract, line: string, date: Date): void {
  const result = checkContract(kind, { data: { id, source, ...fields } }, { id, source });
  if (!result.ok) throw new Error(`a synthetic ${kind.name} is none: ${JSON.stringify(result.issues)}`);
  const recorded = toLine(toEntry(result.contract, date));
  if (recorded !== line) throw new Error(`a synthetic ${kind.name} differs:\n${line}${recorded}`);
}
