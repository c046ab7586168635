import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Controller, PassContext, Step } from '../../ledger/controller.ts';
import { type PassReport, runPass } from '../run-pass.ts';
import type { WorkDone } from '../schedules/scheduled-run.ts';
import { type IsoWeek, parseWeek, weekOf } from './iso-week.ts';
import {
  type ExplainFindings,
  type LoopExplanation,
  type LoopFigures,
  loopControllers,
} from './loop-controllers.ts';
import { makeReports, REPORTS } from './make-report.ts';
import { writeReports } from './write-reports.ts';

export interface LoopOptions {
  /** Those of a pass. The one that runs the loop by schedule is left out, should it be among them. */
  readonly controllers: readonly Controller[];
  readonly explain?: ExplainFindings;
  /** The week that the report is about. */
  readonly week: IsoWeek;
  /** True when that week is over and reported on again: its report then says nothing of the present. */
  readonly past?: boolean;
  /** True when a person asks for it: then models are asked again also where nobody answered a while ago. */
  readonly byHand?: boolean;
  /** An earlier week whose report is brought up to date as well; by default the newest that has one. */
  readonly before?: IsoWeek;
  readonly signal?: AbortSignal;
  onStep?(step: Pick<Step, 'summary'>): void;
}

export interface LoopDone extends WorkDone {
  readonly week: string;
  /** Findings of the analysis, and how many of them are new to the history. */
  readonly analysis: LoopFigures['analysis'];
  /** Null where no model can be asked. */
  readonly explanation: LoopExplanation | null;
  readonly pass: PassReport;
  /** Undefined where the week is over, has no report, and nothing would be in it. */
  readonly report?: string;
  /** Files of reports that changed. None when the report said the same before. */
  readonly written: readonly string[];
}

/**
 * Analyse, explain, upgrade, propose, measure, report. Every part may be repeated: what is recorded already is not
 * recorded again, and a report that says the same is no commit. Throws `interrupted` when the signal ends it.
 */
export async function runLoop(context: PassContext, options: LoopOptions): Promise<LoopDone> {
  const { week, signal, onStep } = options;
  const figures: LoopFigures = { analysis: { outcomes: 0, findings: 0, added: 0 }, explanation: null };
  const { explain, byHand = false } = options;
  const asking = explain && ((pass: PassContext) => explain(pass, { insist: byHand }));
  const controllers = loopControllers(options.controllers, asking, figures);
  const pass = await runPass(context, {
    controllers,
    ...(signal === undefined ? {} : { signal }),
    ...(onStep === undefined ? {} : { onStep }),
  });
  if (pass.interrupted) throw interrupted();
  onStep?.({ summary: `report on ${week.name}` });
  const reports = await reportsOf(context, options);
  const written = await writeReports(context, reports);
  const report = reports.find((one) => one.week === week.name)?.path;
  const problem = pass.failures.map(({ controller, message }) => `${controller}: ${message}`).join('; ');
  return {
    week: week.name,
    ...figures,
    pass,
    ...(report === undefined ? {} : { report }),
    written,
    ...(problem === '' ? {} : { problem }),
  };
}

/** The report of the week before may lack its last hours: they were not over when it was written. */
async function reportsOf(context: PassContext, options: LoopOptions) {
  const { week, past = false, signal } = options;
  const told = signal === undefined ? {} : { signal };
  const before = options.before ?? (await newestBefore(context, week));
  const isOver = week.name < weekOf(context.workspace.clock.now()).name;
  const reports = await makeReports(context, [
    ...(before === undefined || past ? [] : [{ week: before, newest: false, ...told }]),
    { week, newest: !past, ...told },
  ]);
  const { snapshot } = await context.workspace.log.tip();
  const kept = await Promise.all(
    reports.map(async (report) => {
      // Who names a week is told about it, also that it was empty; and so is this week.
      const wanted = report.week === week.name && (past || !isOver);
      return wanted || !report.empty || (await snapshot.entry(report.path)) !== undefined;
    }),
  );
  return reports.filter((_, at) => kept[at]);
}

async function newestBefore({ workspace }: PassContext, week: IsoWeek): Promise<IsoWeek | undefined> {
  const { snapshot } = await workspace.log.tip();
  const names = (await snapshot.list(REPORTS)).flatMap(
    ({ name }) => /^(\d{4}-W\d{2})\.md$/.exec(name)?.[1] ?? [],
  );
  const name = names
    .filter((one) => one < week.name)
    .sort()
    .at(-1);
  return name === undefined ? undefined : weekIfAny(name);
}

/** Anybody may have put a file there that has a name like a week. */
function weekIfAny(name: string): IsoWeek | undefined {
  try {
    return parseWeek(name);
  } catch {
    return undefined;
  }
}

function interrupted(): MillwrightError {
  return new MillwrightError('interrupted', 'told to stop before the loop was done', {
    hint: 'run it again: it goes on from there',
    retry: 'back-off',
  });
}
