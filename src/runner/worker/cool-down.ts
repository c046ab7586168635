import type { Clock } from '../../contracts/clock.ts';

const FIRST_MS = 60_000;
const LONGEST_MS = 15 * 60_000;

/**
 * Slots on which this worker has just broken. It leaves them alone for a while, longer each time: another
 * worker may fare better, and a fault of the set-up must not use up the attempts of every slot in a second.
 */
export class CoolDown {
  readonly #clock: Clock;
  readonly #slots = new Map<string, { readonly times: number; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param forGood true: as long as this worker lives */
  add(slotId: string, forGood: boolean): void {
    const times = (this.#slots.get(slotId)?.times ?? 0) + 1;
    const wait = forGood ? Number.POSITIVE_INFINITY : Math.min(FIRST_MS * 2 ** (times - 1), LONGEST_MS);
    this.#slots.set(slotId, { times, until: this.#clock.monotonicMs() + wait });
  }

  has(slotId: string): boolean {
    return this.#clock.monotonicMs() < (this.#slots.get(slotId)?.until ?? 0);
  }
}
