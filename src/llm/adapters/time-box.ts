import type { Clock } from '../../contracts/clock.ts';

export interface TimeBox {
  /** Aborted when the time is over or somebody stops the call. */
  readonly signal: AbortSignal;
  /** Why it was aborted; undefined while it was not. */
  why(): 'time' | 'stopped' | undefined;
  /** To be called when the call is over. */
  close(): void;
}

/** The longest that a timer of Node takes; it fires at once for more. */
const LONGEST_MS = 2 ** 31 - 1;

/** The time that one call gets. It begins now. */
export function timeBox(clock: Clock, limitMs: number, stop?: AbortSignal): TimeBox {
  const call = new AbortController();
  const over = new AbortController();
  let why: 'time' | 'stopped' | undefined;
  const end = (reason: 'time' | 'stopped') => {
    why ??= reason;
    call.abort();
  };
  const stopped = () => end('stopped');
  if (stop?.aborted === true) stopped();
  stop?.addEventListener('abort', stopped, { once: true });
  void clock.sleep(Math.min(limitMs, LONGEST_MS), over.signal).then(() => {
    if (!over.signal.aborted) end('time');
  });
  return {
    signal: call.signal,
    why: () => why,
    close: () => {
      over.abort();
      stop?.removeEventListener('abort', stopped);
    },
  };
}
