import type { CellEvidence, LedgerEvidence } from './evidence.ts';
import { itemStories } from './item-stories.ts';
import { judgeCell } from './judge-cell.ts';
import { judgeChain } from './judge-chain.ts';
import { type Hold, judgeHolds } from './judge-holds.ts';
import { judgeItem } from './judge-item.ts';
import { judgeNonces } from './judge-nonces.ts';
import { judgeOutcomes } from './judge-outcomes.ts';
import { judgeSlot } from './judge-slot.ts';
import { judgeTwice } from './judge-twice.ts';
import { type Chain, parseChain } from './parse-chain.ts';
import { type ShippedResult, shippedResults } from './shipped-results.ts';
import { type SlotStory, slotStories } from './slot-stories.ts';
import type { EndState } from './statements.ts';
import type { Violation } from './violation.ts';

export interface QueueEvidence {
  readonly ledger: LedgerEvidence;
  readonly cells: readonly CellEvidence[];
  readonly holds?: readonly Hold[];
}

export interface QueueVerdict {
  readonly slots: number;
  readonly items: number;
  readonly live: number;
  readonly ended: Readonly<Record<EndState, number>>;
  readonly claims: number;
  readonly cells: number;
  readonly strays: readonly string[];
  readonly violations: readonly Violation[];
  /** What has to be on the branches. */
  readonly results: readonly ShippedResult[];
}

/** From facts to what is wrong with them. Pure. */
export function judgeQueue({ ledger, cells, holds = [] }: QueueEvidence): QueueVerdict {
  const stories = slotStories(ledger);
  const slots = [...stories.values()].filter(({ item }) => item !== undefined);
  const items = itemStories(ledger, slots);
  const chains = cells.map(parseChain);
  const verdicts = chains.map((chain) => ({ chain, ...judgeCell(chain, stories.get(chain.slot)) }));
  const strays = verdicts.filter(({ stray }) => stray).map(({ chain }) => chain.slot);
  return {
    slots: slots.length,
    items: items.length,
    live: ledger.live.size,
    ended: countEnds(slots),
    claims: sum(slots.map(({ replay }) => replay.claims)) + sum(verdicts.map((verdict) => verdict.claims)),
    cells: cells.length,
    strays,
    violations: [
      ...ledger.unreadable,
      ...judgeTwice(ledger),
      ...chains.flatMap((chain) => ofChain(chain, stories.get(chain.slot)?.live?.said.token)),
      ...verdicts.flatMap(({ violations }) => violations),
      ...judgeNonces(chains),
      ...[...stories.values()].flatMap((story) => ofSlot(story, ledger)),
      ...items.flatMap(judgeItem),
      ...judgeHolds(holds),
    ],
    results: shippedResults(
      ledger,
      verdicts.filter(({ stray }) => !stray).map(({ chain }) => chain),
    ),
  };
}

function ofChain({ slot, steps, violations }: Chain, start: number | undefined): Violation[] {
  return [...violations, ...judgeChain(slot, steps, start)];
}

function ofSlot(story: SlotStory, { items }: LedgerEvidence): Violation[] {
  const own = judgeSlot(story, items.has(story.item ?? ''));
  return [...story.replay.violations, ...own, ...judgeOutcomes(story)];
}

function countEnds(slots: readonly SlotStory[]): Record<EndState, number> {
  const counts: Record<EndState, number> = { shipped: 0, failed: 0, dead: 0, cancelled: 0 };
  for (const { replay } of slots) if (replay.end !== undefined) counts[replay.end.event] += 1;
  return counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
