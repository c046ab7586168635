import type { Violation } from './violation.ts';

/** A time in which a worker believed that it held a slot. All times are of one clock, in milliseconds. */
export interface Hold {
  readonly slot: string;
  readonly worker: string;
  readonly token: number;
  readonly from: number;
  readonly to: number;
}

/** No two claims of a slot were held at once. One that was let go at the moment of the next is fine. Pure. */
export function judgeHolds(holds: readonly Hold[]): Violation[] {
  const inOrder = holds.filter(({ from, to }) => to > from).toSorted((a, b) => a.from - b.from);
  const open = new Map<string, Hold[]>();
  return inOrder.flatMap((hold) => {
    const others = (open.get(hold.slot) ?? []).filter(({ to }) => to > hold.from);
    open.set(hold.slot, [...others, hold]);
    return others.filter((other) => !isSameClaim(other, hold)).map((other) => overlap(other, hold));
  });
}

function isSameClaim(one: Hold, other: Hold): boolean {
  return one.token === other.token && one.worker === other.worker;
}

function overlap(first: Hold, second: Hold): Violation {
  return {
    rule: 'two-holders',
    slot: first.slot,
    where: `${second.from} ms`,
    found: `${second.worker} with token ${second.token} from ${second.from} ms`,
    expected: `nobody before ${first.worker} with token ${first.token} let go at ${first.to} ms`,
  };
}
