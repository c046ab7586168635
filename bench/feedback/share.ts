import { wilsonInterval } from '../../src/feedback/statistics/wilson-interval.ts';

/** A share of simulated episodes with its 95 % Wilson interval. */
export interface Share {
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

export function shareOf<Item>(items: readonly Item[], test: (item: Item) => boolean): Share {
  const hits = items.filter(test).length;
  return { share: hits / items.length, ...wilsonInterval(hits, items.length, 1.96) };
}

export function shareText({ share, lower, upper }: Share): string {
  return `${short(share)} [${short(lower)}, ${short(upper)}]`;
}

function short(value: number): string {
  return value.toFixed(3).replace(/^0/, '');
}
