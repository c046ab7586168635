import type { ChildProcess } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs } from './cpu-ms.ts';
import { machineBusyMs } from './machine-busy-ms.ts';
import type { Server } from './server.ts';
import type { Deed, PartMessage, PartReport, RoundWindow } from './take-part.ts';

export interface Played {
  readonly reports: readonly PartReport[];
  /** What each process did within the window. */
  readonly inside: readonly (readonly Deed[])[];
  /** Pushes that reached the server. */
  readonly pushes: number;
  /** Of clients and server together, milliseconds. */
  readonly cpuMs: number;
  /** What others took of the machine's processors meanwhile, 0 to 1; null where that is not to be known. */
  readonly foreignLoad: number | null;
  /** The load average of the last minute, before. */
  readonly loadAverage: number;
}

/** Waits until every process is ready. */
export async function allReady(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(children.map(nextMessage));
}

/** All work in the same window; then what each reports, and what it cost. Throws when there was too little to do. */
export async function playWindow(
  server: Server,
  children: readonly ChildProcess[],
  seconds: number,
): Promise<Played> {
  const [loadAverage = 0] = loadavg();
  const startMs = Date.now() + 100;
  const window: RoundWindow = { startMs, endMs: startMs + seconds * 1_000 };
  const answers = children.map((child) => nextMessage(child) as Promise<PartReport>);
  for (const child of children) child.send(window);
  await sleep(startMs - Date.now());
  const before = { server: await server.ask(), busy: machineBusyMs(), own: cpuMs() };
  await sleep(window.endMs - Date.now());
  const after = { busy: machineBusyMs(), own: cpuMs() };
  const { pushes, cpuMs: served } = await server.ask({ since: startMs, until: window.endMs });
  const reports = await Promise.all(answers);
  complain(reports);
  const used = reports.reduce((sum, report) => sum + report.cpuMs, served - before.server.cpuMs);
  const others = (after.busy ?? 0) - (before.busy ?? 0) - used - (after.own - before.own);
  const capacity = seconds * 1_000 * availableParallelism();
  return {
    reports,
    inside: reports.map(({ deeds }) =>
      deeds.filter(({ doneAt }) => doneAt >= startMs && doneAt < window.endMs),
    ),
    pushes,
    cpuMs: used,
    foreignLoad: after.busy === undefined ? null : Math.max(0, others) / capacity,
    loadAverage,
  };
}

/** The next message of a child, or an error when it ends. */
function nextMessage(child: ChildProcess): Promise<PartMessage> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('a worker ended before its time'));
    child.once('exit', onExit);
    child.once('message', (said) => {
      child.off('exit', onExit);
      resolve(said as PartMessage);
    });
  });
}

function complain(reports: readonly PartReport[]): void {
  const errors = reports.flatMap((report) => report.errors);
  if (errors.length > 0) process.stderr.write(`  ${errors.length} errors, such as: ${errors[0]}\n`);
  if (reports.some(({ ranDry }) => ranDry)) throw new Error('there were too few slots for the window');
}
