import type { Clock } from '../../src/contracts/clock.ts';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Time that passes only when everybody sleeps, and then at once. */
export class VirtualClock implements Clock {
  readonly #start = Date.UTC(2026, 10, 21);
  #ms = 0;
  #sleepers: Sleeper[] = [];

  now(): Date {
    return new Date(this.#start + this.#ms);
  }

  monotonicMs(): number {
    return this.#ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      const sleeper = { at: this.#ms + Math.max(0, ms), wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => wake(), { once: true });
    });
  }

  /** Lets time pass up to this moment, or until nobody sleeps any more. */
  async runUntil(ms: number): Promise<void> {
    for (;;) {
      // Whatever was just woken runs on until it sleeps again: nothing here waits for a disk or a network.
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#sleepers.reduce<Sleeper | undefined>(
        (first, one) => (first === undefined || one.at < first.at ? one : first),
        undefined,
      );
      if (next === undefined || next.at > ms) break;
      this.#ms = Math.max(this.#ms, next.at);
      this.#sleepers = this.#sleepers.filter((one) => one !== next);
      next.wake();
    }
    this.#ms = ms;
  }
}
