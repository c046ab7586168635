import type { Kind } from '../../contracts/kind.ts';
import type { Entry } from '../../contracts/record.ts';
import { type ResearchSignal, researchSignal } from '../../contracts/research-signal.ts';
import { type SignalConsumed, signalConsumed } from '../../contracts/signal-consumed.ts';
import type { Oid } from '../../git/repository.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { stateFolder } from '../../ledger/paths.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { readRecords } from '../read-records.ts';

export type SignalEntry = Entry & ResearchSignal;
export type ConsumedEntry = Entry & SignalConsumed;

export interface Signals {
  /** Signals that nobody has looked at, the most relevant first, then the newest. */
  readonly waiting: readonly SignalEntry[];
  readonly consumed: readonly ConsumedEntry[];
}

/** The last answer, by workspace: folders with the same content hold the same signals. */
const lastRead = new WeakMap<Workspace, { folders: string; signals: Signals }>();

/** The research signals of the history, and what came of them. */
export async function readSignals(workspace: Workspace): Promise<Signals> {
  const { snapshot } = await workspace.log.tip();
  const folders = JSON.stringify(await Promise.all([researchSignal, signalConsumed].map(folderOf(snapshot))));
  const last = lastRead.get(workspace);
  if (last !== undefined && last.folders === folders) return last.signals;
  const [all, consumed] = await Promise.all([
    readRecords<ResearchSignal>(snapshot, researchSignal),
    readRecords<SignalConsumed>(snapshot, signalConsumed),
  ]);
  const used = new Set(consumed.map(({ signal_id: id }) => id));
  const signals = { waiting: all.filter(({ id }) => !used.has(id)).sort(mostRelevantFirst), consumed };
  lastRead.set(workspace, { folders, signals });
  return signals;
}

function folderOf(snapshot: Snapshot): (kind: Kind) => Promise<Oid | undefined> {
  return async ({ name }) => (await snapshot.entry(stateFolder(name)))?.oid;
}

function mostRelevantFirst(a: SignalEntry, b: SignalEntry): number {
  const time = ({ emitted_at: emitted, recorded_at: recorded }: SignalEntry) => emitted ?? recorded;
  return (
    ranks[a.relevance] - ranks[b.relevance] ||
    time(b).localeCompare(time(a)) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

const ranks: Readonly<Record<ResearchSignal['relevance'], number>> = { high: 0, medium: 1, low: 2 };
