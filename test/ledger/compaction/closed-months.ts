import { type Clock, systemClock } from '../../../src/contracts/clock.ts';
import { RecordIndex } from '../../../src/ledger/record-index.ts';
import { openWorkspace } from '../../../src/ledger/workspace.ts';
import type { GitFolder } from '../../support/git-folder.ts';
import { type Opened, readHere } from '../ledger-folder.ts';

/** One record of the history as its line. */
export function recordLine(id: string, month: string, kind = 'outcome'): string {
  const envelope = { id, kind, schema_version: 1, recorded_at: `${month}-15T08:30:00.000Z`, source: 'test' };
  return `${JSON.stringify({ ...envelope, idea_id: `idea of ${id}`, outcome: 'accepted' })}\n`;
}

/** The files of one month: a segment for each number, with so many records. */
export function monthOf(
  month: string,
  counts: readonly number[],
  kind = 'outcome',
): Readonly<Record<string, string>> {
  const segments = counts.map((count, at) => {
    const number = String(at + 1).padStart(4, '0');
    const ids = Array.from({ length: count }, (_, n) => `${month}-${number}-${n}`);
    const lines = ids.map((id) => recordLine(id, month, kind));
    return [`state/${kind}/${month}/${number}.jsonl`, lines.join('')] as const;
  });
  return Object.fromEntries(segments);
}

/** As `inLedger`, at another time. */
export async function inLedgerAt<T>(
  root: string,
  now: string,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const clock: Clock = { ...systemClock, now: () => new Date(now) };
  const workspace = await openWorkspace(root, { clock });
  try {
    return await work({ workspace, index: new RecordIndex(workspace.cache) });
  } finally {
    workspace.close();
  }
}

/** Every segment that git tracks, as it lies in the checkout, by path. */
export async function segmentsOf(folder: GitFolder, below = 'state'): Promise<Map<string, Buffer>> {
  const names = (await folder.git('ls-files', '-z', below))
    .split('\0')
    .filter((name) => name.endsWith('.jsonl'));
  const contents = await Promise.all(names.map((name) => readHere(folder, name)));
  return new Map(names.map((name, at) => [name, contents[at] ?? Buffer.alloc(0)]));
}
