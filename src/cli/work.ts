import type { Clock } from '../contracts/clock.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { WorkerReport } from '../runner/worker/worker.ts';
import type { WorkerEvent } from '../runner/worker/worker-event.ts';
import { appendSummary } from './actions/append-summary.ts';
import { onActions } from './actions/on-actions.ts';
import { workSummary } from './actions/work-summary.ts';
import type { CommandDefinition, CommandInput, Io } from './command.ts';
import { filterFrom } from './queue-show.ts';
import { lookAtWorkspace } from './with-workspace.ts';
import { WorkScreen } from './work-screen.ts';

export const work: CommandDefinition = {
  name: 'work',
  summary: 'claim slots and have an agent work on them, until told to stop',
  description:
    'A worker daemon. For each slot: claim, a work tree of its own from a shallow mirror, the rendered prompt on standard input and as a file, the agent within its limits, the smoke test, a push of the branch, the result. Claims are renewed meanwhile. The first interrupt drains: nothing new is claimed and what runs may finish; the second ends the agents and releases their slots. A daemon that is killed costs one lease. On a terminal it shows a line for each slot, elsewhere it prints one JSON object a line.',
  options: [
    { flags: '--agent <command>', text: 'claude, codex, gemini, aider, or a command line of your own' },
    { flags: '--concurrency <n>', text: 'slots at the same time', default: '1' },
    { flags: '--once', text: 'stop when nothing can be claimed any more' },
    {
      flags: '--for <minutes>',
      text: 'drain by itself after so long, as after an interrupt; a job that ends by itself at 60 has room for 50',
    },
    { flags: '--kinds <names>', text: 'only items of these kinds, with commas between them' },
    { flags: '--poll <seconds>', text: 'how often to look for work when there is none', default: '5' },
    {
      flags: '--drain <seconds>',
      text: 'how long what runs may take to finish after an interrupt',
      default: '300',
    },
  ],
  examples: [
    'millwright work --agent claude',
    'millwright work --agent "./my-agent --fast" --concurrency 4 --once',
    'millwright work --agent claude --for 50',
  ],
  exits: [
    '1 stopped, because every slot would break',
    '10 no workspace here',
    '12 credentials missing or refused',
    '130 interrupted',
  ],
  run,
};

async function run({ folder, options }: CommandInput, io: Io): Promise<number> {
  if (typeof options.agent !== 'string')
    throw new MillwrightError('usage', 'expected --agent, the command that does the work', {
      hint: 'for example --agent claude, or --agent "./my-agent --fast"',
    });
  const agentText = options.agent;
  const concurrency = numberFrom('--concurrency', options.concurrency, 1, 256);
  const pollSeconds = numberFrom('--poll', options.poll, 0.05, 3_600);
  const drainSeconds = numberFrom('--drain', options.drain, 0, 86_400);
  const minutes = options.for === undefined ? undefined : numberFrom('--for', options.for, 0.01, 10_000);
  const { readPreset } = await import('../runner/worker/read-preset.ts');
  const { splitCommand } = await import('../programs/split-command.ts');
  const { runWorker } = await import('../runner/worker/worker.ts');
  return lookAtWorkspace(folder, io, async ({ workspace }) => {
    const agent = readPreset(agentText, workspace.settings.agents);
    const { work, thoughts } = workspace.settings;
    for (const smoke of [work.smoke, thoughts.smoke]) if (smoke !== undefined) splitCommand(smoke);
    if (work.smoke === undefined && thoughts.smoke === undefined)
      io.err(
        'warning: no smoke test is set, so every change counts as accepted; set work.smoke in millwright.yaml\n',
      );
    const screen = new WorkScreen(io);
    const news: WorkerEvent[] = [];
    const time = boxTime(workspace.clock, minutes, io.signal);
    const report = await runWorker({
      workspace,
      agent,
      concurrency: Math.floor(concurrency),
      once: options.once === true,
      ...filterFrom(options),
      pollSeconds,
      drainSeconds,
      drain: time.drain,
      abort: io.insist,
      onEvent: (event: WorkerEvent) => {
        screen.show(event);
        if (isNews(event) && news.length < MOST_NEWS) news.push(event);
      },
    }).finally(time.clear);
    if (onActions(io)) await appendSummary(io, workSummary(report, news));
    if (io.terminal && !io.json) io.err(`${describe(report)}\n`);
    return io.signal.aborted ? 130 : 0;
  });
}

/** For the summary of a job: a daemon renews and goes on for hours. */
const MOST_NEWS = 10_000;

function isNews({ event }: WorkerEvent): boolean {
  return event !== 'renewed' && event !== 'phase' && event !== 'waiting';
}

/** A signal that comes with the first interrupt, or when the time is up. */
function boxTime(clock: Clock, minutes: number | undefined, interrupt: AbortSignal) {
  const ended = new AbortController();
  const up = new AbortController();
  if (minutes !== undefined)
    void clock.sleep(minutes * 60_000, ended.signal).then(() => {
      if (!ended.signal.aborted) up.abort();
    });
  return { drain: AbortSignal.any([interrupt, up.signal]), clear: () => ended.abort() };
}

function describe({ shipped, failed, released, lost }: WorkerReport): string {
  return `${shipped} shipped, ${failed} failed, ${released} released, ${lost} lost`;
}

function numberFrom(flag: string, value: unknown, least: number, most: number): number {
  const number = Number(value);
  if (number >= least && number <= most) return number;
  throw new MillwrightError(
    'usage',
    `expected ${least} to ${most} for ${flag}, found ${JSON.stringify(value)}`,
    { hint: 'millwright work --help explains the options' },
  );
}
