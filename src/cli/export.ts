import { resolve } from 'node:path';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { type Exported, type ExportOptions, exportHistory } from '../runner/export-history.ts';
import type { CommandDefinition } from './command.ts';
import { loadProgress } from './load-progress.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

const formats: readonly ExportOptions['format'][] = ['parquet', 'csv', 'duckdb'];

export const exportCommand: CommandDefinition = {
  name: 'export',
  summary: 'take the history elsewhere, as Parquet, CSV or a DuckDB file',
  description:
    'Writes the whole history into a new folder that needs nothing of Millwright: Parquet or CSV files with the views as SQL beside them, or one DuckDB file with all tables, views and comments. The folder appears when it is whole.',
  options: [
    { flags: '--format <format>', text: formats.join(', '), default: 'parquet' },
    { flags: '--out <folder>', text: 'a folder that does not exist yet' },
    { flags: '--partition <by>', text: 'month: one folder a month, for object storage (parquet, csv)' },
    { flags: '--at <when>', text: 'the history as it stood: a commit, a tag, a day or an instant' },
  ],
  examples: [
    'millwright export --format parquet --out history-parquet --partition month',
    'millwright export --format duckdb --out history-duckdb',
  ],
  exits: ['10 no workspace here'],
  run: async ({ folder, options }, io) => {
    const { format, partition, out, at } = options;
    const chosen = formats.find((one) => one === format);
    if (chosen === undefined)
      throw usage(`expected a format, found "${String(format)}"`, `the formats are ${formats.join(', ')}`);
    if (partition !== undefined && (partition !== 'month' || chosen === 'duckdb'))
      throw usage(
        `cannot partition ${chosen} by "${String(partition)}"`,
        'parquet and csv can be partitioned by month',
      );
    if (typeof out !== 'string')
      throw usage('expected --out', 'for example: millwright export --out history');
    return lookAtWorkspace(folder, io, async (context) => {
      const done = await exportHistory(context, {
        format: chosen,
        out: resolve(io.cwd, out),
        partition: partition === undefined ? undefined : 'month',
        at: typeof at === 'string' ? at : undefined,
        signal: io.signal,
        onProgress: loadProgress(io),
        onTable: (name, rows) => (rows > 100_000 ? io.err(`${name}: ${rows} rows\n`) : undefined),
      });
      print(io, done, describe);
      return 0;
    });
  },
};

function usage(message: string, hint: string): MillwrightError {
  return new MillwrightError('usage', message, { hint });
}

function describe({ format, out, tables, files }: Exported): string {
  const counts = Object.entries(tables).flatMap(([name, rows]) => (rows === 0 ? [] : [`${rows} ${name}`]));
  const next = format === 'duckdb' ? `duckdb ${out}/history.duckdb` : `cd ${out} && duckdb -init views.sql`;
  return `${counts.join(', ') || 'no records'}: ${files} files in ${out}\nlook at them with the DuckDB shell: ${next}`;
}
