import type { Chain, ChainStep } from './parse-chain.ts';
import type { SlotStory } from './slot-stories.ts';
import type { Violation } from './violation.ts';

/** What a cell means for the slot as the ledger knows it. */
export interface CellVerdict {
  readonly violations: readonly Violation[];
  /** A claim in it counts for nothing: it was made after the slot, or that life of it, had left the queue. */
  readonly stray: boolean;
  /** Claims in it that are not in the records. */
  readonly claims: number;
}

/** Holds a cell against the ledger. Pure. */
export function judgeCell({ slot, tip, steps }: Chain, story: SlotStory | undefined): CellVerdict {
  const first = steps[0];
  if (story?.item === undefined || first === undefined) {
    const unknown = {
      rule: 'lost-slot',
      slot,
      where: tip,
      found: 'a cell',
      expected: 'a slot on the ledger',
    };
    return { violations: story?.item === undefined ? [unknown] : [], stray: false, claims: 0 };
  }
  const rest = afterRecords(steps, story.recorded);
  const claims = newClaims(rest, steps);
  const otherItem = first.claim.item_id === story.item ? [] : [wrongItem(slot, first, story.item)];
  const start = story.live?.said.token;
  const lives = start !== undefined && (steps.at(-1)?.claim.token ?? 0) > start;
  const own = lives ? steps.find(({ claim }) => claim.token > start) : undefined;
  const violations = lives
    ? own === first
      ? startFaults(slot, first, start)
      : []
    : lostEnd(slot, rest, steps);
  return { violations: [...otherItem, ...violations], stray: own !== first && claims > 0, claims };
}

/** What came after the last step that a pass has folded. */
function afterRecords(steps: readonly ChainStep[], recorded: ReadonlySet<string>): readonly ChainStep[] {
  return steps.slice(steps.findLastIndex(({ commits }) => commits.some((one) => recorded.has(one))) + 1);
}

function newClaims(rest: readonly ChainStep[], steps: readonly ChainStep[]): number {
  const nonces = new Set(rest.map(({ claim }) => claim.nonce));
  const folded = steps.slice(0, steps.length - rest.length);
  return [...nonces].filter((nonce) => !folded.some(({ claim }) => claim.nonce === nonce)).length;
}

function startFaults(slot: string, { claim, commits }: ChainStep, start: number): Violation[] {
  if (claim.token === start + 1) return [];
  const found = `a first claim with token ${claim.token}`;
  return [{ rule: 'token-not-next', slot, where: commits[0] ?? '', found, expected: `token ${start + 1}` }];
}

/** A claim that the records know has gone on to an end that they do not know: a result was lost. */
function lostEnd(slot: string, rest: readonly ChainStep[], steps: readonly ChainStep[]): Violation[] {
  const folded = steps[steps.length - rest.length - 1]?.claim;
  const lost = rest.find(({ claim }) => claim.nonce === folded?.nonce && claim.state !== 'claimed');
  if (folded === undefined || lost === undefined) return [];
  const found = `${lost.claim.state} with token ${lost.claim.token} in the cell alone`;
  return [
    { rule: 'lost-end', slot, where: lost.commits[0] ?? '', found, expected: 'the same in the records' },
  ];
}

function wrongItem(slot: string, { claim, commits }: ChainStep, expected: string): Violation {
  const found = `a claim for item ${claim.item_id}`;
  return { rule: 'foreign-write', slot, where: commits[0] ?? '', found, expected: `item ${expected}` };
}
