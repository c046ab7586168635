/** Time as the program sees it. Tests replace it; nothing else calls `Date.now` or timers. */
export interface Clock {
  /** Wall clock, UTC. May jump. */
  now(): Date;
  /** Milliseconds that only grow. Durations and leases are measured with it. */
  monotonicMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
      function done(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      }
    }),
};
