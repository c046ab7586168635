import type { DuckDBConnection } from '@duckdb/node-api';
import { queryText } from '../history/query-text.ts';
import { rowsOf } from '../history/rows.ts';
import type { PairedArms } from './better-routes.ts';
import type { Split } from './gate/split-of.ts';
import type { BulletVotes } from './harmful-bullets.ts';
import type { OutcomeGroup } from './weak-groups.ts';

/** The outcomes of a window, as the tests need them. */
export interface OutcomeFigures {
  /** ISO instants; null when there is no outcome at all. */
  readonly from: string | null;
  readonly to: string | null;
  readonly outcomes: number;
  readonly groups: readonly OutcomeGroup[];
  readonly pairs: readonly PairedArms[];
  readonly votes: readonly BulletVotes[];
  /** The side of the split that was looked at; undefined: all outcomes. */
  readonly split?: Split;
}

/**
 * Reads the last `windowDays` days of outcomes. The window ends with the newest outcome, not with today:
 * an import of older data is judged by its own dates, and the same data always gives the same answer.
 * Nothing happens after it was recorded: one date in the far future must not empty the window.
 * @param split only outcomes of tasks on this side; the window is the same for both
 */
export async function readOutcomes(
  connection: DuckDBConnection,
  windowDays: number,
  split?: Split,
): Promise<OutcomeFigures> {
  const [newest] = await rowsOf<{ to: string | null }>(
    connection,
    'SELECT max(least(emitted_at, recorded_at)) AS "to" FROM outcome',
  );
  const to = newest?.to ?? null;
  const side = split === undefined ? {} : { split };
  if (to === null) return { from: null, to: null, outcomes: 0, groups: [], pairs: [], votes: [], ...side };
  const from = new Date(new Date(to).getTime() - windowDays * 86_400_000).toISOString();
  const read = async <Row>(name: string): Promise<Row[]> =>
    rowsOf<Row>(connection, await queryText('feedback/queries', name), {
      from,
      to,
      split: split ?? null,
    });
  const groups = await read<OutcomeGroup>('outcome_groups');
  return {
    from,
    to,
    outcomes: groups.reduce((sum, { n }) => sum + n, 0),
    groups,
    pairs: await read<PairedArms>('paired_arms'),
    votes: await read<BulletVotes>('bullet_votes'),
    ...side,
  };
}
