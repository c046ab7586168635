import type { PassContext } from '../ledger/controller.ts';
import type { LoopPreview } from '../runner/loop/preview-loop.ts';
import type { LoopDone, LoopOptions } from '../runner/loop/run-loop.ts';
import { notesOnActions, showPass } from './actions/show-pass.ts';
import { stepLine } from './actions/step-line.ts';
import type { CommandDefinition, Io } from './command.ts';
import { describePass, plural } from './describe-pass.ts';
import { lookAtWorkspace, print, withWorkspace } from './with-workspace.ts';

export const loop: CommandDefinition = {
  name: 'loop',
  summary: 'analyse, upgrade and report now; by schedule a pass does it',
  description:
    'Turns the feedback loop once: analyses the outcomes, explains findings where there is a model, makes patches, keeps their proposals, measures what was merged, and writes the report of the week to artifacts/reports. With schedules.loop in millwright.yaml a pass does all this when it is due; a run by hand then counts as the one that is due, so it is not done twice.',
  options: [
    { flags: '--dry-run', text: 'say what it would do, print the report as it is now, and do nothing' },
    { flags: '--week <week>', text: 'the week to report on, such as 2026-W47; default: this one' },
  ],
  examples: ['millwright loop', 'millwright loop --dry-run', 'millwright loop --week 2026-W47 --json'],
  exits: ['10 no workspace here', '13 lost the race against other writers', '130 interrupted'],
  run: async ({ folder, options }, io) => {
    const week = typeof options.week === 'string' ? options.week : undefined;
    if (options.dryRun === true)
      return lookAtWorkspace(folder, io, async (context) => preview(context, week, io));
    return withWorkspace(folder, io, async (context) => turn(context, week, io));
  },
};

async function preview(context: PassContext, week: string | undefined, io: Io): Promise<number> {
  const { previewLoop } = await import('../runner/loop/preview-loop.ts');
  print(io, await previewLoop(context, await optionsOf(context, week, io)), describePreview);
  return 0;
}

async function turn(context: PassContext, week: string | undefined, io: Io): Promise<number> {
  const { loopByHand } = await import('../runner/loop/loop-by-hand.ts');
  const notes = await notesOnActions(context, io);
  const done = await loopByHand(context, await optionsOf(context, week, io), week === undefined);
  print(io, done, describeLoop);
  await showPass(context, io, done.pass, { notes, loop: done });
  return done.pass.failures.length > 0 ? 1 : 0;
}

async function optionsOf(
  { workspace }: PassContext,
  named: string | undefined,
  io: Io,
): Promise<LoopOptions> {
  const { parseWeek, weekOf } = await import('../runner/loop/iso-week.ts');
  const { controllers } = await import('../runner/controllers.ts');
  const { explainFindings } = await import('../runner/loop/explain-findings.ts');
  const current = weekOf(workspace.clock.now());
  const week = named === undefined ? current : parseWeek(named);
  return {
    controllers,
    explain: explainFindings,
    week,
    past: week.name < current.name,
    signal: io.signal,
    ...(io.json ? {} : { onStep: (step) => io.err(stepLine(io, step)) }),
  };
}

function describePreview({ steps, text }: LoopPreview): string {
  const lines = steps.map(
    ({ controller, summary, changes }) => `${changes ? '*' : '-'} ${controller}: ${summary}`,
  );
  return `${lines.join('\n')}\n\n${text}`;
}

function describeLoop({ analysis, explanation, pass, report, written }: LoopDone): string {
  const { outcomes, findings, added } = analysis;
  return [
    `analysed ${outcomes} ${plural(outcomes, 'outcome', 'outcomes')}: ${findings} ${plural(findings, 'finding', 'findings')}, ${added} new`,
    ...(explanation === null
      ? []
      : [
          `explained ${explanation.explained}, drafted ${explanation.drafted}, looked at ${explanation.signals} research signals${explanation.note === undefined ? '' : ` (${explanation.note})`}`,
        ]),
    describePass(pass),
    written.length === 0 ? `${report} says the same as before` : `wrote ${report}`,
  ].join('\n');
}
