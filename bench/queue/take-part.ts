import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs } from './cpu-ms.ts';

/** From when until when everybody works; milliseconds since 1970. */
export interface RoundWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** One thing that was done. */
export interface Deed {
  /** The slot that was claimed. */
  readonly what: string;
  /** Which loop of the process did it. */
  readonly loop: number;
  readonly ms: number;
  /** Milliseconds since 1970. */
  readonly doneAt: number;
}

export interface PartReport {
  readonly deeds: readonly Deed[];
  /** Swaps that were asked for and lost to another, and errors; from the start of the window. */
  readonly lost: number;
  readonly errors: readonly string[];
  /** Of the window. */
  readonly cpuMs: number;
  /** True: there was nothing left to do before the window ended. */
  readonly ranDry: boolean;
}

export type PartMessage = { readonly ready: true } | PartReport;

export interface Part {
  /** Each is done over and over, beside the others. Undefined: nothing is left to do. */
  readonly loops: readonly (() => Promise<string | undefined>)[];
  /** How many swaps were lost to others so far. */
  lost?(): number;
  /** Milliseconds that what is under way at the end of the window may still take. */
  readonly graceMs: number;
}

/** The worker's side of a round: ready, wait for the window, work in a closed loop without pauses, report. */
export async function takePart(part: Part): Promise<void> {
  process.on('disconnect', () => process.exit());
  const window = new Promise<RoundWindow>((resolve) => process.once('message', resolve));
  process.send?.({ ready: true });
  process.send?.(await work(part, await window));
}

async function work(part: Part, { startMs, endMs }: RoundWindow): Promise<PartReport> {
  const state = { deeds: [] as Deed[], errors: [] as string[], ranDry: false };
  const lostBefore = part.lost?.() ?? 0;
  await sleep(startMs - Date.now());
  const cpuBefore = cpuMs();
  const cpu = sleep(endMs - Date.now()).then(() => cpuMs() - cpuBefore);
  const loops = Promise.all(part.loops.map((step, loop) => repeat(step, loop, endMs, state)));
  await Promise.race([loops, sleep(endMs + part.graceMs - Date.now())]);
  return { ...state, lost: (part.lost?.() ?? 0) - lostBefore, cpuMs: await cpu };
}

async function repeat(
  step: () => Promise<string | undefined>,
  loop: number,
  endMs: number,
  state: { deeds: Deed[]; errors: string[]; ranDry: boolean },
): Promise<void> {
  while (Date.now() < endMs) {
    const since = performance.now();
    try {
      const what = await step();
      if (what === undefined) {
        state.ranDry = true;
        return;
      }
      state.deeds.push({ what, loop, ms: performance.now() - since, doneAt: Date.now() });
    } catch (error) {
      state.errors.push(error instanceof Error ? error.message : String(error));
    }
  }
}
