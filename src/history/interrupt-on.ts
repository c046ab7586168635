import type { DuckDBConnection } from '@duckdb/node-api';

/** Ends what runs on a connection when the signal is aborted; a connection that is closed by then has nothing to end. */
export function interruptOn(signal: AbortSignal | undefined, connection: DuckDBConnection): void {
  const interrupt = () => {
    try {
      connection.interrupt();
    } catch {
      return;
    }
  };
  signal?.addEventListener('abort', interrupt, { once: true });
}
