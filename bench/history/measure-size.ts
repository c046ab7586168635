import { rm } from 'node:fs/promises';
import { median } from '../measure.ts';
import type { Home } from '../queue/home.ts';
import { type Answer, ask } from './ask.ts';
import { askJq } from './ask-jq.ts';
import { askRaw } from './ask-raw.ts';
import { askSqlite } from './ask-sqlite.ts';
import { measureNewSegment, type NewSegment } from './measure-new-segment.ts';
import { measureRebuild, type Rebuild } from './measure-rebuild.ts';
import { openAt } from './open-at.ts';
import { type Question, questions } from './questions.ts';
import { rawViews } from './raw-statements.ts';
import { mustBeSame } from './same-answer.ts';
import { middleOutcome } from './synthetic-history.ts';
import { type WrittenHistory, writeHistory } from './write-history.ts';

export interface SizePlan {
  readonly records: number;
  readonly seed: number;
  /** How often the rebuild and a bare load take turns. */
  readonly rebuilds: number;
  readonly questionRuns: number;
  readonly newSegments: number;
  /** Ask views over the files, too, where every question reads all of them. */
  readonly views: boolean;
  /** How often SQLite is asked each question; 0 leaves it out. */
  readonly sqliteRuns: number;
  readonly jq: boolean;
}

export interface AskedQuestion {
  readonly name: string;
  readonly isAggregate: boolean;
  readonly rows: number;
  readonly ms: number;
  /** Tables of the bare load. */
  readonly raw_ms: number;
  readonly views_ms: number | null;
  readonly sqlite_ms: number | null;
  readonly jq_ms: number | null;
}

export interface SizeFigures {
  readonly history: WrittenHistory;
  readonly rebuild: Rebuild;
  readonly questions: readonly AskedQuestion[];
  readonly median_question_ms: number;
  readonly max_question_ms: number;
  readonly newSegment: NewSegment;
  readonly sqlite: { readonly by: string; readonly fill_ms: number } | null;
  /** What could not be compared, and why. */
  readonly leftOut: readonly string[];
}

type Others = Readonly<Record<'views' | 'sqlite' | 'jq', readonly Answer[] | undefined>>;

/** Everything about a history of one size. Throws when two ways to ask do not give the same rows. */
export async function measureSize(
  home: Home,
  plan: SizePlan,
  say: (text: string) => void,
): Promise<SizeFigures> {
  say(`${plan.records.toLocaleString('en')} records: writing them`);
  const history = await writeHistory(home, plan.records, plan.seed);
  say('  rebuild, in turns with a bare load');
  const rebuild = await measureRebuild(home, history, plan.rebuilds);
  const asked = questions(middleOutcome(plan.records));
  say('  the questions');
  const ours = await askOurs(history.root, asked, plan.questionRuns);
  const raw = await askRaw(rebuild.rawDatabase, [], asked, plan.questionRuns);
  const { views, sqlite, jq, leftOut } = await askOthers(home, history.root, asked, plan, say);
  const table = compare(asked, ours, raw, { views, jq, sqlite: sqlite?.answers });
  say('  new segments');
  const { newSegments: times, seed } = plan;
  const newSegment = await measureNewSegment(home, history, rebuild.rawDatabase, { times, seed });
  const all = table.map(({ ms }) => ms);
  return {
    history,
    rebuild,
    questions: table,
    median_question_ms: median(all),
    max_question_ms: Math.max(...all),
    newSegment,
    sqlite: sqlite === undefined ? null : { by: sqlite.by, fill_ms: sqlite.fill_ms },
    leftOut,
  };
}

async function askOurs(root: string, asked: readonly Question[], runs: number): Promise<Answer[]> {
  const { connection, close } = await openAt(root);
  try {
    return await ask(connection, asked, runs);
  } finally {
    close();
  }
}

async function askOthers(
  home: Home,
  root: string,
  asked: readonly Question[],
  plan: SizePlan,
  say: (text: string) => void,
) {
  const views = plan.views ? await askRaw(':memory:', rawViews(root), asked, 1) : undefined;
  if (plan.sqliteRuns > 0) say('  SQLite');
  const sqlite = plan.sqliteRuns > 0 ? await askSqlite(home, root, asked, plan.sqliteRuns) : undefined;
  await rm(`${home.dir}/baseline.sqlite`, { force: true });
  if (plan.jq) say('  jq');
  const jq = plan.jq ? await askJq(home, root, middleOutcome(plan.records)) : undefined;
  return {
    views,
    sqlite: typeof sqlite === 'string' ? undefined : sqlite,
    jq: typeof jq === 'string' ? undefined : jq,
    leftOut: [sqlite, jq].filter((said) => typeof said === 'string'),
  };
}

function compare(
  asked: readonly Question[],
  ours: readonly Answer[],
  raw: readonly Answer[],
  others: Others,
): AskedQuestion[] {
  return asked.map(({ name, isAggregate }, at) => {
    const [answer, rawAnswer] = [ours[at] as Answer, raw[at] as Answer];
    if (answer.rows.length === 0) throw new Error(`${name}: no rows, so nothing was asked`);
    mustBeSame(name, ['Millwright', answer.rows], ['the bare load', rawAnswer.rows]);
    const timeOf = (by: keyof Others) => {
      const other = others[by]?.find((one) => one.name === name);
      if (other === undefined) return null;
      mustBeSame(name, ['Millwright', answer.rows], [by, other.rows]);
      return other.ms;
    };
    return {
      name,
      isAggregate,
      rows: answer.rows.length,
      ms: answer.ms,
      raw_ms: rawAnswer.ms,
      views_ms: timeOf('views'),
      sqlite_ms: timeOf('sqlite'),
      jq_ms: timeOf('jq'),
    };
  });
}
