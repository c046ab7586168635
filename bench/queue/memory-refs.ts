import type { Clock } from '../../src/contracts/clock.ts';
import type { RefTransport } from '../../src/git/ref-transport.ts';
import type { Oid } from '../../src/git/repository.ts';

export interface MemoryRefs extends RefTransport {
  /** When each push arrived, on the clock's monotonic time, and how many refs it moved. */
  readonly pushes: readonly { readonly atMs: number; readonly refs: number }[];
}

/** Refs in memory, for simulated time: each push takes `pushMs` of it. */
export function memoryRefs(clock: Clock, pushMs: number): MemoryRefs {
  const refs = new Map<string, Oid>();
  const pushes: { atMs: number; refs: number }[] = [];
  const find = async (names: readonly string[]) =>
    new Map(
      [...refs].filter(([ref]) =>
        names.some((name) => (name.endsWith('/') ? ref.startsWith(name) : ref === name)),
      ),
    );
  return {
    name: 'memory',
    pushes,
    read: find,
    look: find,
    push: async (updates) => {
      pushes.push({ atMs: clock.monotonicMs(), refs: updates.length });
      await clock.sleep(pushMs);
      return updates.map(({ ref, expected, next }) => {
        if ((refs.get(ref) ?? null) !== expected)
          return { result: 'lost', detail: 'it has moved', certain: true } as const;
        if (next === null) refs.delete(ref);
        else refs.set(ref, next);
        return { result: 'moved' } as const;
      });
    },
  };
}
