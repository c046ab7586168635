/** What one pass may spend, however often it opens the port. Billionths of a dollar. */
export class PassAccount {
  readonly limit: number;
  /** Spent, and promised to calls that are under way. */
  #used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get left(): number {
    return Math.max(0, this.limit - this.#used);
  }

  /** False when the limit does not allow it. */
  take(nanos: number): boolean {
    if (this.#used + nanos > this.limit) return false;
    this.#used += nanos;
    return true;
  }

  settle(promised: number, actual: number): void {
    this.#used += actual - promised;
  }
}
