import { readdirSync, readFileSync } from 'node:fs';

/** A process, so that another one that gets its id later is not taken for it. */
export interface ProcessLife {
  readonly pid: number;
  /** When it began, in ticks since the machine did (proc(5), field 22); null where nobody says. */
  readonly start: string | null;
}

export function lifeOf(pid: number): ProcessLife {
  return { pid, start: startOf(pid) };
}

/** True while this very process runs. */
export function isAlive(life: ProcessLife): boolean {
  return life.start === null ? signalled(life.pid, 0) : startOf(life.pid) === life.start;
}

/** Sends a signal to a process, or with a negative id to a group. False when there is none, or none of ours. */
export function signalled(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Every process whose environment holds `NAME=value` since it began. None where there is no /proc. */
export function processesWith(variable: string): number[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => textOf(`/proc/${name}/environ`)?.split('\0').includes(variable))
    .map(Number);
}

function startOf(pid: number): string | null {
  const stat = textOf(`/proc/${pid}/stat`);
  // The name of the program may hold blanks and brackets; a process that has ended and waits for its parent is dead.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? null : (fields[19] ?? null);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
