import type { DuckDBConnection } from '@duckdb/node-api';
import { queryText } from '../history/query-text.ts';
import { rowsOf } from '../history/rows.ts';
import { armOfRun } from './effects/arm-of-run.ts';
import type { EffectScope } from './effects/effect-scope.ts';
import type { VersionPair } from './effects/effect-standing.ts';
import { isInScope } from './effects/is-in-scope.ts';
import type { MergedPatch } from './effects/merged-patches.ts';
import type { PastRuns } from './statistics/effect-process.ts';

/** One run that happened and was judged after the merge was recorded. */
export interface EffectRun {
  /** Of its outcome. */
  readonly id: string;
  /** True: under the version that the patch made. */
  readonly treatment: boolean;
  readonly accepted: boolean;
}

/** What an effect is measured from: runs of the persona that the patch can touch, and no others. */
export interface EffectRuns {
  /** In the order in which they were recorded. */
  readonly runs: readonly EffectRun[];
  /** From before the merge was recorded: of the version before it where that has any, else of all versions. */
  readonly past: PastRuns;
  /** Runs in the last 14 days. */
  readonly recent: number;
}

const DAY_MS = 86_400_000;
/** How far back `recent` looks. */
export const RECENT_DAYS = 14;

export interface RunsToRead {
  readonly merged: MergedPatch;
  readonly pair: VersionPair;
  readonly scope: EffectScope;
  /** The settings let machines split runs between the versions. */
  readonly isSplit: boolean;
  readonly now: Date;
}

export async function readEffectRuns(connection: DuckDBConnection, facts: RunsToRead): Promise<EffectRuns> {
  return { runs: await runsSince(connection, facts), ...(await historyOf(connection, facts)) };
}

interface RunRow extends EffectRun {
  readonly domain: string | null;
  readonly slot: string | null;
}

async function runsSince(
  connection: DuckDBConnection,
  { merged: { patch, decision }, pair, scope, isSplit }: RunsToRead,
): Promise<EffectRun[]> {
  const rows = await rowsOf<RunRow>(connection, await queryText('feedback/queries', 'effect_runs'), {
    ...pair,
    persona: patch.persona_id,
    after: decision.recorded_at,
    after_id: decision.id,
    decided: decision.decided_at,
  });
  return rows
    .filter(({ domain }) => isInScope(scope, domain))
    .filter((row) => !isSplit || isAssigned(patch.id, row))
    .map(({ id, treatment, accepted }) => ({ id, treatment, accepted }));
}

/**
 * A slot of the queue counts under the version that was drawn for it and no other: a machine that does not split, or
 * an old clone, chooses by itself, and its choice may go with how hard the work is. Work from outside has no slot.
 */
function isAssigned(patchId: string, { slot, treatment }: RunRow): boolean {
  return slot === null || (armOfRun(patchId, slot) === 'treatment') === treatment;
}

interface HistoryRow extends PastRuns {
  readonly domain: string | null;
  readonly own_runs: number;
  readonly own_accepted: number;
  readonly recent: number;
}

async function historyOf(
  connection: DuckDBConnection,
  { merged: { patch, decision }, pair: { control }, scope, now }: RunsToRead,
): Promise<Pick<EffectRuns, 'past' | 'recent'>> {
  const rows = await rowsOf<HistoryRow>(connection, await queryText('feedback/queries', 'effect_history'), {
    control,
    persona: patch.persona_id,
    after: decision.recorded_at,
    since: new Date(now.getTime() - RECENT_DAYS * DAY_MS).toISOString(),
  });
  const touched = rows.filter(({ domain }) => isInScope(scope, domain));
  const sum = (of: (row: HistoryRow) => number) => touched.reduce((total, row) => total + of(row), 0);
  const own = { runs: sum((row) => row.own_runs), accepted: sum((row) => row.own_accepted) };
  const all = { runs: sum(({ runs }) => runs), accepted: sum(({ accepted }) => accepted) };
  return { past: own.runs === 0 ? all : own, recent: sum(({ recent }) => recent) };
}
