import type { Clock } from '../../contracts/clock.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import { fullJitter } from '../../git/backoff.ts';
import { nothing, plus, type Sums } from './day-budget.ts';
import type { DayLedger } from './day-ledger.ts';
import { type DayLimits, planHold, planReturn } from './plan-hold.ts';

export interface DayAccountOptions {
  readonly day: string;
  /** Names this process among all that spend. */
  readonly holder: string;
  readonly ledger: DayLedger;
  readonly limits: DayLimits;
  readonly clock: Clock;
}

export type DayAnswer =
  | { readonly result: 'taken' }
  | { readonly result: 'refused'; readonly limit: 'day' | 'persona'; readonly left: number };

const TRIES = 20;

/**
 * What this process may spend in a day. Every dollar is taken out of the day's budget by compare-and-swap before
 * it is promised to a call, so all processes together stay within it; what was not spent is given back at the
 * end. A process that is killed gives back nothing: its hold counts until the day is over, which is the safe side.
 */
export class DayAccount {
  readonly #options: DayAccountOptions;
  /** Spent, and promised to calls that are under way. */
  #used: Sums = nothing;
  /** Taken out of the budget for sure. */
  #held: Sums = nothing;
  #turn: Promise<unknown> = Promise.resolve();
  /** True when the budget may hold something in our name: also after a write whose answer got lost. */
  #wrote = false;
  #closed = false;

  constructor(options: DayAccountOptions) {
    this.#options = options;
  }

  /** Promises `nanos` to a call. Throws MillwrightError when the budget cannot be reached. */
  take(nanos: number, persona?: string): Promise<DayAnswer> {
    // One after the other: two calls that extend the hold at the same time would both count on the same dollar.
    const taken = this.#turn.then(() => this.#take(nanos, persona));
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  /** Says what a call has really cost that was promised `promised`. */
  settle(promised: number, actual: number, persona?: string): void {
    this.#use(actual - promised, persona);
  }

  /** Gives back what was not spent; a call that is still under way counts with all that it was promised. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
    if (!this.#wrote) return;
    const { day, holder, ledger } = this.#options;
    const spent = this.#used;
    await this.#swap(async () => {
      const { version, budget } = await ledger.read(day);
      const next = planReturn(budget, holder, spent);
      return next === undefined || (await ledger.swap(version, next)) ? true : undefined;
    });
  }

  async #take(nanos: number, persona: string | undefined): Promise<DayAnswer> {
    if (this.#closed) return { result: 'refused', limit: 'day', left: 0 };
    const answer = this.#fits(nanos, persona) ? taken : await this.#extend(nanos, persona);
    if (answer.result === 'taken') this.#use(nanos, persona);
    return answer;
  }

  #fits(nanos: number, persona: string | undefined): boolean {
    const share = persona === undefined ? 0 : (this.#held.personas.get(persona) ?? 0);
    const used = persona === undefined ? 0 : (this.#used.personas.get(persona) ?? 0);
    return this.#used.total + nanos <= this.#held.total && (persona === undefined || used + nanos <= share);
  }

  async #extend(wanted: number, persona: string | undefined): Promise<DayAnswer> {
    const { day, holder, ledger, limits, clock } = this.#options;
    if (!this.#wrote) await ledger.tidy(day).catch(() => undefined);
    this.#wrote = true;
    return this.#swap(async () => {
      const { version, budget } = await ledger.read(day);
      const since = budget.holds.get(holder)?.since ?? clock.now().toISOString();
      const plan = planHold(budget, { holder, since, used: this.#used, wanted, persona }, limits);
      if (plan.result === 'refused') return plan;
      if (!(await ledger.swap(version, plan.next))) return undefined;
      this.#held = plan.held;
      return taken;
    });
  }

  /** Decides again on what is there now, until it is written; bounded. */
  async #swap<T>(attempt: () => Promise<T | undefined>): Promise<T> {
    let failure: unknown;
    for (let n = 0; n < TRIES; n += 1) {
      if (n > 0) await this.#options.clock.sleep(fullJitter(n, Math.random));
      try {
        const done = await attempt();
        if (done !== undefined) return done;
      } catch (error) {
        if (!isPassing(error)) throw error;
        failure = error;
      }
    }
    throw failure ?? tooManyWriters(this.#options.day);
  }

  #use(nanos: number, persona: string | undefined): void {
    const personas = new Map(persona === undefined ? [] : [[persona, nanos]]);
    this.#used = plus(this.#used, { total: nanos, personas });
  }
}

const taken: DayAnswer = { result: 'taken' };

/** After a lost answer the next look says what was written; refusals stay refusals. */
function isPassing(error: unknown): boolean {
  return error instanceof MillwrightError && error.retry === 'back-off';
}

function tooManyWriters(day: string): MillwrightError {
  return new MillwrightError('lost-race', `other writers were first ${TRIES} times at the budget of ${day}`, {
    hint: 'run the command again',
    retry: 'back-off',
  });
}
