import { MillwrightError } from '../contracts/millwright-error.ts';
import { copyToParquet, runSql } from '../history/run-sql.ts';
import { sqlFailure } from '../history/sql-failure.ts';
import { type Analysis, withAnalysis } from '../runner/open-analysis.ts';
import { type AnswerFormat, answerFormats } from './answers/answer-format.ts';
import { writeAnswer } from './answers/write-answer.ts';
import type { CommandDefinition, CommandInput, Io } from './command.ts';
import { describeNames } from './describe-names.ts';
import { loadProgress } from './load-progress.ts';
import { type Output, openOutput } from './output-file.ts';
import { parametersFrom } from './query-parameters.ts';
import { withQueryProgress } from './query-progress.ts';
import { queryText } from './query-text.ts';
import { lookAtWorkspace } from './with-workspace.ts';

const formats = [...answerFormats, 'parquet'] as const;
type Format = (typeof formats)[number];

export const query: CommandDefinition = {
  name: 'query',
  summary: 'ask the history in SQL',
  description:
    'Runs one SELECT over the whole history with DuckDB: a table for each kind, views on top of them, and the live inbox and queue as now_* tables. SQL can read nothing else: no files, no network, and no table can be changed. On a terminal the answer is a table of at most 200 rows; elsewhere it is whole.',
  args: [{ name: '[sql]', text: 'the statement' }],
  options: [
    { flags: '--file <file.sql>', text: 'take the statement from a file' },
    { flags: '--view <name>', text: 'show a view or table' },
    { flags: '--describe [name]', text: 'list tables, views and columns, or those of one' },
    { flags: '--set <name=value>', text: 'a value for $name; may be repeated', repeats: true },
    { flags: '--format <format>', text: `${formats.join(', ')}; default: table, json with --json` },
    { flags: '--out <file>', text: 'write the answer into a new file' },
    { flags: '--limit <rows>', text: 'at most so many rows; 0: all. Default on a terminal: 200' },
    { flags: '--at <when>', text: 'the history as it stood: a commit, a tag, a day or an instant' },
  ],
  examples: [
    'millwright query "SELECT model, count(*) FROM outcome GROUP BY ALL"',
    'millwright query --view v_agent_performance',
    'millwright query --describe outcome',
    'millwright query "SELECT * FROM outcome WHERE model = $m" --set m=gpt-5 --format csv',
    'millwright query "SELECT count(*) FROM outcome" --at 2026-10-31',
  ],
  exits: ['10 no workspace here'],
  run: async (input, io) => (input.options.describe === undefined ? ask(input, io) : describe(input, io)),
};

async function describe({ folder, options }: CommandInput, io: Io): Promise<number> {
  const opening = { sql: '', signal: io.signal, onProgress: loadProgress(io) };
  return lookAtWorkspace(folder, io, async (context) => {
    const names = await withAnalysis(context, opening, (analysis) => analysis.describe());
    await describeNames(names, options.describe, io);
    return 0;
  });
}

async function ask({ folder, args, options }: CommandInput, io: Io): Promise<number> {
  const format = formatFrom(options, io);
  const parameters = parametersFrom(options.set);
  const limit = limitFrom(options.limit, format === 'table' && options.out === undefined && io.terminal);
  const text = await queryText(args[0], options, io.cwd);
  return lookAtWorkspace(folder, io, async (context) => {
    const output = await openOutput(options.out, io, format === 'parquet' || format === 'arrow');
    const opening = {
      sql: text.sql,
      at: typeof options.at === 'string' ? options.at : undefined,
      signal: io.signal,
      onProgress: loadProgress(io),
      ...(format === 'parquet' ? { writable: output.path } : {}),
    };
    const question = { sql: text.sql, parameters, format, limit };
    try {
      await withAnalysis(context, opening, (analysis) => answer(analysis, question, output, io));
      await output.finish();
      return 0;
    } catch (error) {
      await output.discard();
      throw text.place(error);
    }
  });
}

interface Question {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly format: Format;
  readonly limit: number;
}

/** Writes the answer as it comes. */
async function answer(analysis: Analysis, question: Question, output: Output, io: Io): Promise<void> {
  const { sql, parameters, format, limit } = question;
  const { connection, names } = analysis;
  const options = { parameters, signal: io.signal, names };
  await withQueryProgress(connection, io, async (shown) => {
    if (format === 'parquet')
      return copyToParquet(connection, sql, output.path, {
        ...options,
        limit: limit === 0 ? undefined : limit,
      });
    try {
      const result = await runSql(connection, sql, options);
      const { width, color, signal } = io;
      await writeAnswer(
        result,
        { format, limit, width, color, signal, limitHint: 'add --limit 0 for all' },
        shown(output),
      );
    } catch (error) {
      io.signal.throwIfAborted();
      throw sqlFailure(error, sql, names);
    }
  });
}

function formatFrom({ format }: Readonly<Record<string, unknown>>, io: Io): Format {
  if (format === undefined) return io.json ? 'json' : 'table';
  const found = formats.find((name) => name === format);
  if (found === undefined)
    throw new MillwrightError('usage', `expected a format, found "${String(format)}"`, {
      hint: `the formats are ${formats.join(', ')}`,
    });
  return found satisfies AnswerFormat | 'parquet';
}

const ROWS_ON_A_TERMINAL = 200;

function limitFrom(limit: unknown, isRead: boolean): number {
  if (limit === undefined) return isRead ? ROWS_ON_A_TERMINAL : 0;
  if (/^\d{1,9}$/.test(String(limit))) return Number(limit);
  throw new MillwrightError('usage', `expected a number of rows after --limit, found "${String(limit)}"`, {
    hint: '--limit 0 shows all',
  });
}
