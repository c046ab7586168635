import { MillwrightError } from '../contracts/millwright-error.ts';
import { maskSecrets } from '../contracts/secrets.ts';
import type { PassReport } from '../runner/run-pass.ts';
import { notesOnActions, showPass } from './actions/show-pass.ts';
import { stepLine } from './actions/step-line.ts';
import type { CommandDefinition, Io } from './command.ts';
import { describePass } from './describe-pass.ts';
import { exitCodeOf } from './exit-codes.ts';
import { runPlan } from './plan.ts';
import { print, withWorkspace } from './with-workspace.ts';

export const run: CommandDefinition = {
  name: 'run',
  summary: 'run a pass, or keep running them',
  description:
    'Reconciles the workspace: takes in contracts, analyses outcomes when that is due, makes patches, keeps their proposals. A pass that is killed anywhere is completed by the next one, and any number of runners may work on one workspace. The first interrupt ends a pass between two steps, the second at once.',
  options: [
    { flags: '--once', text: 'one pass, then stop (the default)' },
    { flags: '--watch', text: 'keep going: react to files and commits, poll the remote' },
    { flags: '--dry-run', text: 'say what a pass would do, and do nothing' },
  ],
  examples: ['millwright run --once', 'millwright run --watch', 'millwright run --once --json'],
  exits: ['10 no workspace here', '13 lost the race against other writers', '130 interrupted'],
  run: async ({ folder, options }, io) => {
    const wanted = ['once', 'watch', 'dryRun'].filter((flag) => options[flag] === true);
    if (wanted.length > 1)
      throw new MillwrightError('usage', '--once, --watch and --dry-run exclude each other', {
        hint: 'name one of them',
      });
    if (options.dryRun === true) return runPlan(folder, io);
    return options.watch === true ? watch(folder, io) : once(folder, io);
  },
};

async function once(folder: string, io: Io): Promise<number> {
  const code = loadPass();
  return withWorkspace(folder, io, async (context) => {
    const [{ runPass }, { controllers }] = await code;
    const notes = await notesOnActions(context, io);
    const report = await runPass(context, {
      controllers,
      signal: io.signal,
      ...(io.json ? {} : { onStep: (step) => io.err(stepLine(io, step)) }),
    });
    print(io, report, describePass);
    await showPass(context, io, report, { notes });
    if (report.interrupted) return exitCodeOf('interrupted');
    return report.failures.length > 0 ? 1 : 0;
  });
}

/** While git opens the workspace there is time for it. A failure is that of whoever waits for it. */
function loadPass() {
  const code = Promise.all([import('../runner/run-pass.ts'), import('../runner/controllers.ts')]);
  code.catch(() => undefined);
  return code;
}

async function watch(folder: string, io: Io): Promise<number> {
  return withWorkspace(folder, io, async (context) => {
    const { watchWorkspace } = await import('../runner/watch.ts');
    const { controllers } = await import('../runner/controllers.ts');
    io.err(`watching ${context.workspace.root}; stop with Ctrl-C\n`);
    await watchWorkspace(context, {
      controllers,
      signal: io.signal,
      onPass: (report: PassReport, warnings) => {
        if (report.changed || report.failures.length > 0) print(io, report, describePass);
        for (const warning of warnings) io.err(`warning: ${warning}\n`);
      },
      onError: (error) => io.err(`error: ${wordsOf(error)}; trying again\n`),
    });
    return 0;
  });
}

function wordsOf(error: unknown): string {
  const message = maskSecrets(error instanceof Error ? error.message : String(error));
  return error instanceof MillwrightError && error.hint !== undefined
    ? `${message} (${error.hint})`
    : message;
}
