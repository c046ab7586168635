import type { Clock } from '../contracts/clock.ts';
import type { Oid } from '../git/repository.ts';

/**
 * Remembers since when this process has seen each cell hold the same commit, on its own monotonic clock. That
 * is the only clock which no jump and no foreign machine can falsify.
 */
export class Observer {
  readonly #clock: Clock;
  #seen = new Map<string, { readonly commit: Oid; readonly since: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param cells what every cell holds now; what is not named has gone */
  see(cells: ReadonlyMap<string, Oid>): void {
    const now = this.#clock.monotonicMs();
    const same = (slot: string, commit: Oid) => {
      const before = this.#seen.get(slot);
      return before?.commit === commit ? before : { commit, since: now };
    };
    this.#seen = new Map([...cells].map(([slot, commit]) => [slot, same(slot, commit)]));
  }

  /** Milliseconds for which a cell has held this commit, as far as this process knows. */
  unchangedMs(slot: string, commit: Oid): number {
    const seen = this.#seen.get(slot);
    return seen?.commit === commit ? this.#clock.monotonicMs() - seen.since : 0;
  }
}
