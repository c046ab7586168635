import type { Clock } from '../../contracts/clock.ts';
import { DayAccount } from './day-account.ts';
import type { DayLedger } from './day-ledger.ts';
import { nanoUsd } from './nano-usd.ts';
import type { PassAccount } from './pass-account.ts';
import type { DayLimits } from './plan-hold.ts';
import { showUsd } from './show-usd.ts';

export interface BudgetOptions {
  readonly pass: PassAccount;
  readonly limits: DayLimits;
  readonly ledger: DayLedger;
  /** Names this process among all that spend. */
  readonly holder: string;
  readonly clock: Clock;
}

export interface Wish {
  /** The worst case, billionths of a dollar. */
  readonly nanos: number;
  /** Less will do, but not less than this. Default: all of it. */
  readonly atLeast?: number;
  readonly persona?: string | undefined;
}

/** Money that is promised to one call. */
export interface Reservation {
  readonly result: 'reserved';
  readonly nanos: number;
  /** Says what the call has really cost; undefined when nobody knows: then the worst case counts. Once. */
  settle(nanos: number | undefined): void;
}

export type BudgetAnswer =
  | Reservation
  | { readonly result: 'refused'; readonly reason: string; readonly hint: string };

/**
 * The three budgets: of a pass, of a day for all machines together, of a persona in that day. A call is promised
 * its worst case by all of them before anything is asked, so none is ever overspent by what a price list says.
 */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #days = new Map<string, DayAccount>();

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /** Throws MillwrightError when the budget of the day cannot be reached: then nothing may be spent. */
  async reserve({ nanos, atLeast = nanos, persona }: Wish): Promise<BudgetAnswer> {
    const { pass, limits } = this.#options;
    const day = this.#today();
    for (let wanted = nanos; ; ) {
      wanted = Math.min(wanted, pass.left);
      if (wanted < atLeast || !pass.take(wanted)) return refused('pass', pass.limit, pass.left, atLeast);
      const answer = await this.#takeOfDay(day, wanted, persona);
      if (answer.result === 'reserved') return answer;
      const { limit, left } = answer;
      if (left < atLeast || left >= wanted) return refused(limit, limits[limit], left, atLeast, persona);
      wanted = left;
    }
  }

  async close(): Promise<void> {
    for (const account of this.#days.values()) await account.close();
  }

  async #takeOfDay(day: DayAccount, nanos: number, persona: string | undefined) {
    const { pass } = this.#options;
    try {
      const answer = nanos === 0 ? taken : await day.take(nanos, persona);
      if (answer.result === 'taken') return this.#reservation(day, nanos, persona);
      pass.settle(nanos, 0);
      return answer;
    } catch (error) {
      pass.settle(nanos, 0);
      throw error;
    }
  }

  /** A call counts on the day on which it began. */
  #today(): DayAccount {
    const { limits, ledger, holder, clock } = this.#options;
    const day = clock.now().toISOString().slice(0, 10);
    const account = this.#days.get(day) ?? new DayAccount({ day, holder, ledger, limits, clock });
    this.#days.set(day, account);
    return account;
  }

  #reservation(day: DayAccount, nanos: number, persona: string | undefined): Reservation {
    let open = true;
    const settle = (actual: number = nanos) => {
      if (!open) return;
      open = false;
      // More than the worst case: the provider has not kept to its own limits. What was spent was spent.
      this.#options.pass.settle(nanos, actual);
      day.settle(nanos, actual, persona);
    };
    return { result: 'reserved', nanos, settle };
  }
}

const taken = { result: 'taken' } as const;

const settings = { pass: 'per_pass_usd', day: 'per_day_usd', persona: 'per_persona_usd' } as const;

function refused(
  which: keyof typeof settings,
  limit: number,
  left: number,
  wanted: number,
  persona?: string,
): BudgetAnswer {
  if (wanted > limit) return tooSmall(which, limit, wanted);
  const whose = which === 'persona' ? ` for ${persona ?? 'this persona'}` : '';
  const of = `of ${showUsd(nanoUsd.toUsd(limit))} (llm.${settings[which]}) ${showUsd(nanoUsd.toUsd(left))} is left${whose}`;
  const until = which === 'pass' ? 'wait for the next pass' : 'wait until 00:00 UTC';
  return {
    result: 'refused',
    reason: `the worst case of this call is ${showUsd(nanoUsd.toUsd(wanted))}, and ${of}`,
    hint: `${until}, lower llm.max_output_tokens, or raise llm.${settings[which]} in millwright.yaml`,
  };
}

/** No waiting makes room for it. */
function tooSmall(which: keyof typeof settings, limit: number, wanted: number): BudgetAnswer {
  const [least, all] = [showUsd(nanoUsd.toUsd(wanted)), showUsd(nanoUsd.toUsd(limit))];
  const cents = Math.ceil(nanoUsd.toUsd(wanted) * 100) / 100;
  return {
    result: 'refused',
    reason: `the worst case of this call is ${least}, and llm.${settings[which]} is ${all}: too small for any such call`,
    hint: `raise llm.${settings[which]} in millwright.yaml to at least ${cents.toFixed(2)}, or lower what a call may cost: llm.max_output_tokens, or call_usd of a command`,
  };
}
