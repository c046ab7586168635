import type { Clock } from '../../contracts/clock.ts';
import type { ServerTime } from '../ref-transport.ts';
import type { HttpAnswer } from './exchange.ts';

/**
 * The server's clock as its answers tell it. `Date` has whole seconds and was written at some time between
 * question and answer: at the answer it was between `Date` and `Date` + 1 s + the time that the answer took.
 */
export class ServerClock {
  readonly #clock: Clock;
  #last: { readonly earliest: number; readonly latest: number; readonly atMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An answer out of a cache tells the time of another day. */
  observe({ headers, sentMs, answeredMs }: Pick<HttpAnswer, 'headers' | 'sentMs' | 'answeredMs'>): void {
    const earliest = Date.parse(headers.date ?? '');
    if (Number.isNaN(earliest) || headers.age !== undefined) return;
    this.#last = { earliest, latest: earliest + 1000 + (answeredMs - sentMs), atMs: answeredMs };
  }

  now(): ServerTime | undefined {
    if (this.#last === undefined) return undefined;
    const { earliest, latest, atMs } = this.#last;
    const since = this.#clock.monotonicMs() - atMs;
    return { earliest: new Date(earliest + since), latest: new Date(latest + since) };
  }
}
