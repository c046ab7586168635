import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from './sql-text.ts';

/**
 * From here on SQL reaches the history and nothing else: no files, no network, no extensions, no settings, and no
 * writes into any table. It cannot be undone on this instance.
 * @param writable one file that `COPY` may write, which must not exist yet
 */
export async function lockDown(connection: DuckDBConnection, writable?: string): Promise<void> {
  const paths = writable === undefined ? '' : `SET allowed_paths = [${quoted(writable)}];`;
  await connection.run(
    `SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET TimeZone = 'UTC';
     SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0;
     ${paths} SET enable_external_access = false; SET lock_configuration = true; BEGIN TRANSACTION READ ONLY;`,
  );
}
