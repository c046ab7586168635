import { readFileSync } from 'node:fs';

/** Milliseconds of processor time that the whole machine has spent so far; undefined where there is no /proc. */
export function machineBusyMs(): number | undefined {
  try {
    const [first = ''] = readFileSync('/proc/stat', 'latin1').split('\n');
    const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = first
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return (user + nice + system + irq + softIrq) * 10;
  } catch {
    return undefined;
  }
}
