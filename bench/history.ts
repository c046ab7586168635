import { rm } from 'node:fs/promises';
import { commitByCommit } from './history/commit-by-commit.ts';
import { measureSize, type SizeFigures, type SizePlan } from './history/measure-size.ts';
import { measureTimeTravel } from './history/measure-time-travel.ts';
import { median } from './measure.ts';
import { Home } from './queue/home.ts';
import { type Figure, isHeld, report } from './report.ts';
import { tableText } from './table-text.ts';

/**
 * The figures of the history: `npm run bench:history [-- --quick --json]`. The same questions go to Millwright's
 * projection, to what a bare `read_json` of the same files gives, to SQLite filled from the same files and, where it
 * can, to jq; answers that are not the same row for row end the benchmark. Records are synthetic, seeded, and held
 * against their schemas. Quick: 10^5 and 10^6 records, fewer repetitions. TMPDIR says on which disk.
 */
const quick = process.argv.includes('--quick');
const json = process.argv.includes('--json');
const seed = 20_261_121;
const MAIN = 1_000_000;
const commits = 10_000;

const home = new Home();
const since = performance.now();
const say = (text: string) =>
  process.stderr.write(`${Math.round((performance.now() - since) / 1_000)} s: ${text}\n`);

const usual: SizePlan = {
  records: 100_000,
  seed,
  rebuilds: quick ? 1 : 3,
  questionRuns: quick ? 5 : 9,
  newSegments: quick ? 5 : 20,
  views: false,
  sqliteRuns: 0,
  jq: false,
};
const small = await measureSize(home, { ...usual, views: true, jq: quick }, say);
await rm(small.history.root, { recursive: true });
const main = await measureSize(
  home,
  { ...usual, records: MAIN, rebuilds: quick ? 2 : 3, sqliteRuns: quick ? 1 : 3, jq: !quick },
  say,
);
say(`the same records in ${commits.toLocaleString('en')} commits`);
const committed = await commitByCommit(home, main.history, commits);
await rm(main.history.root, { recursive: true });
say(`  ${committed.commits} commits; asking at some of them`);
const travel = await measureTimeTravel(committed, main.rebuild.rawDatabase, quick ? 2 : 3);
await rm(committed.root, { recursive: true });
const large = quick ? undefined : await measureSize(home, { ...usual, records: 10 * MAIN, rebuilds: 1 }, say);

const sizes = [small, main, ...(large === undefined ? [] : [large])];
const aggregates = main.questions.flatMap(({ isAggregate, ms, sqlite_ms }) =>
  isAggregate && sqlite_ms !== null ? [sqlite_ms / ms] : [],
);
const ratioSqlite = aggregates.length === 0 ? null : Math.min(...aggregates);
const sqliteRatio: Figure[] =
  ratioSqlite === null
    ? []
    : [
        {
          name: 'SQLite, the nearest aggregate',
          value: ratioSqlite,
          unit: 'times',
          target: 10,
          atLeast: true,
        },
      ];
const figures: Figure[] = [
  {
    name: 'rebuild of 1M',
    value: main.rebuild.ms / 1_000,
    unit: 's',
    target: (1.5 * main.rebuild.raw_ms) / 1_000,
    baseline: { name: 'read_json', value: main.rebuild.raw_ms / 1_000 },
  },
  {
    name: 'rebuild of 1M, memory',
    value: main.rebuild.mb,
    unit: 'MB',
    target: 1_500,
    baseline: { name: 'read_json', value: main.rebuild.raw_mb },
  },
  {
    name: 'a new segment into 1M',
    value: main.newSegment.ms,
    unit: 'ms',
    target: 150,
    baseline: { name: 'read_json, insert', value: main.newSegment.raw_ms },
  },
  { name: 'questions on 1M, median', value: main.median_question_ms, unit: 'ms', target: 60 },
  { name: 'questions on 1M, slowest', value: main.max_question_ms, unit: 'ms', target: 300 },
  ...sqliteRatio,
  ...growthFigures(),
  { name: 'first answer at a commit', value: travel.first_ms / 1_000, unit: 's', target: 3 },
  {
    name: 'the same again, a process',
    value: travel.again_ms,
    unit: 'ms',
    target: 300,
    baseline: { name: 'bare DuckDB', value: travel.bare_ms },
  },
  { name: 'the same in a shell', value: travel.shell_ms, unit: 'ms', target: 300 },
  ...largeFigures(),
];

/** Ten times the data may cost ten times as much, not more. */
function growthFigures(): Figure[] {
  return sizes.slice(1).flatMap((size, at) => {
    const before = sizes[at] as SizeFigures;
    const name = `from ${shortly(before)} to ${shortly(size)}`;
    const growth = (pick: (one: SizeFigures) => number) => pick(size) / pick(before);
    return [
      {
        name: `question, ${name}`,
        value: growth((one) => one.median_question_ms),
        unit: 'times',
        target: 10,
      },
      { name: `new segment, ${name}`, value: growth((one) => one.newSegment.ms), unit: 'times', target: 10 },
    ] as const;
  });
}

function largeFigures(): Figure[] {
  if (large === undefined) return [];
  return [
    { name: 'rebuild of 10M, memory', value: large.rebuild.mb, unit: 'MB', target: 4_096 },
    { name: 'questions on 10M, median', value: large.median_question_ms, unit: 'ms', target: 400 },
  ];
}

function shortly({ history }: SizeFigures): string {
  return `1e${Math.log10(history.records)}`;
}

function questionTable({ questions }: SizeFigures): string {
  const head = ['question', 'rows', 'ms', 'tables ms', 'views ms', 'SQLite ms', 'SQLite', 'jq ms'];
  const show = (ms: number | null) => ms?.toFixed(1) ?? '';
  const rows = questions.map(({ name, isAggregate, rows, ms, raw_ms, views_ms, sqlite_ms, jq_ms }) => [
    isAggregate ? `${name} *` : name,
    String(rows),
    ...[ms, raw_ms, views_ms, sqlite_ms].map(show),
    sqlite_ms === null ? '' : `${(sqlite_ms / ms).toFixed(1)}x`,
    show(jq_ms),
  ]);
  return tableText([head, ...rows]);
}

function sizeTable(): string {
  const head = [
    'records',
    'MB',
    'segments',
    'rebuild s',
    'read_json s',
    'memory MB',
    'question ms',
    'slowest ms',
  ];
  const rows = sizes.map(({ history, rebuild, newSegment, ...one }) => [
    history.records.toLocaleString('en'),
    (history.bytes / 1e6).toFixed(0),
    String(history.segments),
    (rebuild.ms / 1_000).toFixed(2),
    (rebuild.raw_ms / 1_000).toFixed(2),
    rebuild.mb.toFixed(0),
    one.median_question_ms.toFixed(1),
    one.max_question_ms.toFixed(1),
    ...[newSegment.ms, newSegment.longest_ms, newSegment.nothing_new_ms].map((ms) => ms.toFixed(0)),
  ]);
  return tableText([[...head, 'new segment ms', 'longest ms', 'nothing new ms'], ...rows]);
}

function sizeJson({ history, rebuild, questions, sqlite, newSegment, ...one }: SizeFigures) {
  return {
    bytes: history.bytes,
    segments: history.segments,
    rebuild_ms: rebuild.ms,
    rebuild_raw_ms: rebuild.raw_ms,
    rebuild_mb: rebuild.mb,
    rebuild_raw_mb: rebuild.raw_mb,
    median_question_ms: one.median_question_ms,
    max_question_ms: one.max_question_ms,
    new_segment_ms: newSegment.ms,
    new_segment_longest_ms: newSegment.longest_ms,
    new_segment_process_ms: newSegment.process_ms,
    new_segment_raw_ms: newSegment.raw_ms,
    nothing_new_ms: newSegment.nothing_new_ms,
    questions,
    sqlite,
  };
}

for (const size of sizes) say(`\n${shortly(size)} records; * is an aggregate\n${questionTable(size)}`);
say(`\n${sizeTable()}`);
if (main.sqlite !== null)
  say(`SQLite is ${main.sqlite.by}, filled in ${(main.sqlite.fill_ms / 1_000).toFixed(1)} s.`);
const leftOut = sizes.flatMap((size) => size.leftOut);
for (const sentence of leftOut) say(`Left out: ${sentence}.`);
report('The history', figures, { json: false, quick });
const result = {
  pass: figures.every(isHeld),
  quick,
  rebuild_ratio_raw: main.rebuild.ms / main.rebuild.raw_ms,
  rebuild_mb: main.rebuild.mb,
  median_question_ms: main.median_question_ms,
  max_question_ms: main.max_question_ms,
  ratio_sqlite: ratioSqlite,
  ratio_sqlite_median: aggregates.length === 0 ? null : median(aggregates),
  new_segment_ms: main.newSegment.ms,
  at_first_ms: travel.first_ms,
  at_again_ms: travel.again_ms,
  at_again_in_shell_ms: travel.shell_ms,
  at_now_ms: travel.now_ms,
  at_bare_ms: travel.bare_ms,
  at_commits: committed.commits,
  sizes: Object.fromEntries(sizes.map((size) => [shortly(size), sizeJson(size)])),
  left_out: leftOut,
  seed,
  targets: figures.map((figure) => ({ ...figure, held: isHeld(figure) })),
  seconds: (performance.now() - since) / 1_000,
};
const rounded = (_: string, value: unknown) =>
  typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value;
if (json) process.stdout.write(`${JSON.stringify(result, rounded)}\n`);
