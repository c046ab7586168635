import { createHash } from 'node:crypto';

export type Arm = 'control' | 'treatment';

/**
 * Which version a run works under while a patch is measured: half of all runs each, by the first bit of a SHA-256
 * over the patch and the run. The same run always gets the same answer, on every machine; another patch draws anew.
 */
export function armOfRun(patchId: string, runKey: string): Arm {
  const [first = 0] = createHash('sha256').update(`${patchId}\n${runKey}`).digest();
  return first >= 128 ? 'treatment' : 'control';
}
