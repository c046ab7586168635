import { runSql } from '../../history/run-sql.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { type Analysis, openAnalysis } from '../../runner/open-analysis.ts';
import type { Io } from '../command.ts';
import { loadProgress } from '../load-progress.ts';
import type { SqlSession } from './session.ts';

/**
 * The history of a workspace, opened anew for each statement: so a shell that stays open all day sees what came in
 * meanwhile, and the live tables as they are when they are asked.
 */
export function workspaceSession(context: PassContext, io: Io): SqlSession {
  let at: string | undefined;
  let analysis: Analysis | undefined;
  const close = () => {
    analysis?.close();
    analysis = undefined;
  };
  const reopen = async (sql: string, signal: AbortSignal): Promise<Analysis> => {
    close();
    analysis = await openAnalysis(context, { sql, at, signal, onProgress: loadProgress(io) });
    return analysis;
  };
  let last: Promise<unknown> = Promise.resolve();
  /** Completion asks for names while a person types on: nothing is closed under its hands. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
  return {
    run: (sql, signal) =>
      inTurn(async () => {
        const { connection, names } = await reopen(sql, signal);
        return runSql(connection, sql, { signal, names });
      }),
    // Anew too: a statement that failed leaves a connection that answers no more.
    names: () => inTurn(async () => (await reopen('', io.signal)).describe()),
    at: (when) =>
      inTurn(async () => {
        const before = at;
        at = when;
        try {
          await reopen('', io.signal);
        } catch (error) {
          at = before;
          throw error;
        }
      }),
    close,
  };
}
