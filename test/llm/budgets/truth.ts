/** What was truly spent, as the provider knows it; it complains about every cent above a limit. Billionths of a dollar. */
export class Truth {
  readonly #spent = new Map<string, number>();
  readonly #limits: { readonly pass: number; readonly day: number; readonly persona: number };
  /** What a provider that complains is not allowed to throw into the code under test. */
  readonly complaints: string[] = [];

  constructor(limits: Truth['limits']) {
    this.#limits = limits;
  }

  get limits() {
    return this.#limits;
  }

  charge(nanos: number, pass: number, day: string, persona: string | undefined): void {
    this.#add(`pass ${pass}`, nanos, this.#limits.pass);
    this.#add(`day ${day}`, nanos, this.#limits.day);
    if (persona !== undefined) this.#add(`persona ${persona} ${day}`, nanos, this.#limits.persona);
  }

  spentOn(day: string): number {
    return this.#spent.get(`day ${day}`) ?? 0;
  }

  #add(key: string, nanos: number, limit: number): void {
    const spent = (this.#spent.get(key) ?? 0) + nanos;
    this.#spent.set(key, spent);
    if (spent > limit) this.complaints.push(`overspent: ${key} is at ${spent} of ${limit}`);
  }
}
