import { extname } from 'node:path';
import type { DuckDBResult } from '@duckdb/node-api';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { plainRow } from '../history/rows.ts';
import { runSql } from '../history/run-sql.ts';
import { identifier } from '../history/sql-text.ts';
import type { PlotMark, PlotRequest } from '../plots/plot-request.ts';
import { withAnalysis } from '../runner/open-analysis.ts';
import type { CommandDefinition, CommandInput, Io } from './command.ts';
import { loadProgress } from './load-progress.ts';
import { openOutput } from './output-file.ts';
import { parametersFrom } from './query-parameters.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

const marks: readonly PlotMark[] = ['bar', 'line', 'dot'];

export const plot: CommandDefinition = {
  name: 'plot',
  summary: 'draw a view or a query, as SVG, PNG or in the terminal',
  description:
    'Draws the rows of a view, a table or a SELECT. Time on the x axis gives lines, numbers give dots, text gives bars. Without --out the picture is drawn with characters.',
  args: [{ name: '<source>', text: 'a view, a table, or a SELECT' }],
  options: [
    { flags: '--x <column>', text: 'default: the first column' },
    { flags: '--y <column>', text: 'default: the first column of numbers after it' },
    { flags: '--color <column>', text: 'one series for each value' },
    { flags: '--low <column>', text: 'lower bound of an interval around y; with --high' },
    { flags: '--high <column>', text: 'its upper bound' },
    { flags: '--mark <mark>', text: marks.join(', ') },
    { flags: '--title <text>', text: 'a line above the picture' },
    { flags: '-o, --out <file>', text: 'a new file that ends in .svg or .png' },
    { flags: '--set <name=value>', text: 'a value for $name; may be repeated', repeats: true },
    { flags: '--at <when>', text: 'the history as it stood: a commit, a tag, a day or an instant' },
  ],
  examples: [
    'millwright plot llm_spend --x day --y cost_usd --color tier -o spend.svg',
    'millwright plot "SELECT model, avg((outcome = \'accepted\')::INT) AS rate FROM outcome GROUP BY model ORDER BY rate"',
  ],
  exits: ['10 no workspace here'],
  run: async (input, io) => {
    const form = formOf(input.options.out);
    const rows = await readRows(input, io);
    const request = requestFrom(rows, input.options);
    if (form === undefined) await drawInTerminal(request, io);
    else await drawFile(request, form, input, io);
    return 0;
  },
};

function formOf(out: unknown): 'svg' | 'png' | undefined {
  if (typeof out !== 'string') return undefined;
  const ending = extname(out).toLowerCase();
  if (ending === '.svg' || ending === '.png') return ending === '.svg' ? 'svg' : 'png';
  throw new MillwrightError('usage', `expected a file that ends in .svg or .png, found "${out}"`, {
    hint: 'for example -o spend.svg',
  });
}

async function readRows({ folder, args, options }: CommandInput, io: Io): Promise<PlotRequest['rows']> {
  const source = args[0] ?? '';
  const sql = /^\w+$/.test(source) ? `SELECT * FROM ${identifier(source)}` : source;
  const parameters = parametersFrom(options.set);
  return lookAtWorkspace(folder, io, async (context) => {
    const at = typeof options.at === 'string' ? options.at : undefined;
    const onProgress = loadProgress(io);
    return withAnalysis(context, { sql, at, signal: io.signal, onProgress }, async (analysis) => {
      const { connection, names } = analysis;
      return collect(await runSql(connection, sql, { parameters, names, signal: io.signal }));
    });
  });
}

/** Nobody sees more in a picture. */
const MOST_ROWS = 100_000;

async function collect(result: DuckDBResult): Promise<PlotRequest['rows']> {
  const rows: Record<string, unknown>[] = [];
  for await (const some of result.yieldRowObjectJs()) {
    rows.push(...some.map(plainRow));
    if (rows.length > MOST_ROWS)
      throw new MillwrightError('plot-too-much', `a picture takes at most ${MOST_ROWS} rows`, {
        hint: 'group the rows first, for example by day',
      });
  }
  return rows;
}

function requestFrom(rows: PlotRequest['rows'], options: Readonly<Record<string, unknown>>): PlotRequest {
  const columns = Object.keys(rows[0] ?? {});
  const text = (name: string) => (typeof options[name] === 'string' ? { [name]: options[name] } : {});
  const x = typeof options.x === 'string' ? options.x : (columns[0] ?? 'x');
  const isNumber = (column: string) => column !== x && rows.some((row) => typeof row[column] === 'number');
  const y = typeof options.y === 'string' ? options.y : (columns.find(isNumber) ?? columns[1] ?? 'y');
  return {
    rows,
    x,
    y,
    ...text('color'),
    ...text('low'),
    ...text('high'),
    ...text('title'),
    ...markFrom(options.mark),
  };
}

function markFrom(mark: unknown): { mark?: PlotMark } {
  if (mark === undefined) return {};
  const found = marks.find((one) => one === mark);
  if (found !== undefined) return { mark: found };
  throw new MillwrightError('usage', `expected a mark, found "${String(mark)}"`, {
    hint: `the marks are ${marks.join(', ')}`,
  });
}

async function drawInTerminal(request: PlotRequest, io: Io): Promise<void> {
  const { terminalPlot } = await import('../plots/terminal-plot.ts');
  const text = terminalPlot(request, io.width ?? 100);
  print(io, io.json ? { text, rows: request.rows.length } : text, String);
}

async function drawFile(
  request: PlotRequest,
  form: 'svg' | 'png',
  { options }: CommandInput,
  io: Io,
): Promise<void> {
  const { renderSvg } = await import('../plots/render-svg.ts');
  const { renderPng } = await import('../plots/render-png.ts');
  const output = await openOutput(options.out, io, false);
  try {
    const svg = await renderSvg(request);
    await output.write(form === 'svg' ? svg : await renderPng(svg));
    await output.finish();
  } catch (error) {
    await output.discard();
    throw error;
  }
  const { rows } = request;
  print(
    io,
    { out: String(options.out), rows: rows.length },
    ({ out }) => `${rows.length} rows drawn in ${out}`,
  );
}
