/**
 * Named places in a pass where a process may die. Tests install a hook that kills the
 * process at one of them; in production nothing is installed and a visit costs nothing.
 */
export type FaultHook = (point: string) => void | Promise<void>;

let installed: FaultHook | undefined;

export function installFaultHook(hook: FaultHook | undefined): void {
  installed = hook;
}

export async function faultPoint(point: string): Promise<void> {
  if (installed !== undefined) await installed(point);
}
