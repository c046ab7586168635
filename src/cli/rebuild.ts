import { join } from 'node:path';
import { kinds } from '../contracts/kinds.ts';
import { allSegments } from '../history/all-segments.ts';
import { historyOptions } from '../history/history-options.ts';
import { openHistory } from '../history/open-history.ts';
import { publishBase } from '../history/publish-base.ts';
import { rowsOf } from '../history/rows.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { CommandDefinition, Io } from './command.ts';
import { loadProgress } from './load-progress.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

interface Rebuilt {
  readonly ms: number;
  readonly segments: number;
  readonly bytes: number;
  readonly bad_lines: number;
  readonly records: Readonly<Record<string, number>>;
}

export const rebuild: CommandDefinition = {
  name: 'rebuild',
  summary: 'make the projection of the history anew',
  description:
    'Reads every segment of the history again and replaces .millwright/history.duckdb in one step. Nobody needs it: a projection that is missing, damaged or of another version is made anew by whoever asks. Those who read meanwhile go on with the old one.',
  examples: ['millwright rebuild', 'millwright rebuild --json'],
  exits: ['10 no workspace here'],
  run: async ({ folder }, io) =>
    lookAtWorkspace(folder, io, async ({ workspace }) => {
      print(io, await rebuildHistory(workspace, io), describe);
      return 0;
    }),
};

/** A rebuild that was asked for waits its turn. */
const PATIENCE_MS = 60_000;

async function rebuildHistory(workspace: Workspace, io: Io): Promise<Rebuilt> {
  const since = workspace.clock.monotonicMs();
  const { snapshot } = await workspace.log.tip();
  const options = { ...historyOptions(workspace), snapshot, signal: io.signal, onProgress: loadProgress(io) };
  await publishBase(join(workspace.cache, 'history.duckdb'), await allSegments(snapshot), {
    ...options,
    patienceMs: PATIENCE_MS,
    fromNothing: true,
  });
  const history = await openHistory(snapshot, historyOptions(workspace));
  try {
    const [sums] = await rowsOf<Omit<Rebuilt, 'ms' | 'records'>>(
      history.connection,
      'SELECT count(*) AS segments, coalesce(sum(bytes), 0)::BIGINT AS bytes, (SELECT count(*) FROM _bad_lines) AS bad_lines FROM _segments',
    );
    const counts = await rowsOf<{ kind: string; n: number }>(
      history.connection,
      'SELECT kind, sum(records)::BIGINT AS n FROM _segments GROUP BY kind',
    );
    const known = new Map(counts.map(({ kind, n }) => [kind, n]));
    const records = Object.fromEntries(kinds.map(({ name }) => [name, known.get(name) ?? 0]));
    const ms = Math.round(workspace.clock.monotonicMs() - since);
    return { ms, segments: 0, bytes: 0, bad_lines: 0, ...sums, records };
  } finally {
    history.close();
  }
}

function describe({ ms, segments, bytes, bad_lines: bad, records }: Rebuilt): string {
  const counts = Object.entries(records).flatMap(([kind, n]) => (n === 0 ? [] : [`${n} ${kind}`]));
  return [
    `${segments} segments, ${(bytes / 1e6).toFixed(1)} MB, in ${(ms / 1_000).toFixed(1)} s`,
    counts.join(', ') || 'no records',
    ...(bad === 0 ? [] : [`${bad} lines could not be read; they stay where they are`]),
  ].join('\n');
}
