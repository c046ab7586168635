/** Time as the program sees it. Tests replace it; nothing else calls `Date.now` or timers. */
export interface Clock {
  /** Wall clock, UTC. May jump. */
  now(): Date;
  /** Milliseconds that only grow. Durations and leases are measured with it. */
  monotonicMs(): number;
  /** Ends early when the signal is aborted; at once when it is already. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
      function done(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      }
    }),
};
