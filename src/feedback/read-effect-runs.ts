import type { DuckDBConnection } from '@duckdb/node-api';
import { queryText } from '../history/query-text.ts';
import { rowsOf } from '../history/rows.ts';
import type { VersionPair } from './effects/effect-standing.ts';
import type { MergedPatch } from './effects/merged-patches.ts';
import type { PastRuns } from './statistics/effect-process.ts';

/** One run that was judged after the merge was recorded. */
export interface EffectRun {
  /** Of its outcome. */
  readonly id: string;
  /** True: under the version that the patch made. */
  readonly treatment: boolean;
  readonly accepted: boolean;
}

/** What an effect is measured from. */
export interface EffectRuns {
  /** In the order in which they were recorded. */
  readonly runs: readonly EffectRun[];
  /** From before the merge was recorded: of the version before it where that has any, else of all versions. */
  readonly past: PastRuns;
  /** Runs of the persona in the last 14 days. */
  readonly recent: number;
}

const DAY_MS = 86_400_000;
/** How far back `recent` looks. */
export const RECENT_DAYS = 14;

export async function readEffectRuns(
  connection: DuckDBConnection,
  { patch, decision }: MergedPatch,
  { control, treatment }: VersionPair,
  now: Date,
): Promise<EffectRuns> {
  const common = { persona: patch.persona_id, control, after: decision.recorded_at };
  const since = new Date(now.getTime() - RECENT_DAYS * DAY_MS).toISOString();
  const runs = await rowsOf<EffectRun>(connection, await queryText('feedback/queries', 'effect_runs'), {
    ...common,
    treatment,
    after_id: decision.id,
  });
  const [row] = await rowsOf<HistoryRow>(connection, await queryText('feedback/queries', 'effect_history'), {
    ...common,
    since,
  });
  const past =
    row === undefined || row.own_runs === 0
      ? { runs: row?.runs ?? 0, accepted: row?.accepted ?? 0 }
      : { runs: row.own_runs, accepted: row.own_accepted };
  return { runs, past, recent: row?.recent ?? 0 };
}

interface HistoryRow extends PastRuns {
  readonly own_runs: number;
  readonly own_accepted: number;
  readonly recent: number;
}
