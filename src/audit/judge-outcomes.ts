import type { Placed } from './evidence.ts';
import type { RecordedEnd } from './judge-records.ts';
import type { SlotStory } from './slot-stories.ts';
import type { OutcomeStatement } from './statements.ts';
import type { Violation } from './violation.ts';

/** How an end reads as an outcome. A slot that was cancelled has none: nobody is to be judged by it. */
const verdicts = { shipped: 'accepted', failed: 'failed', dead: 'error', cancelled: undefined } as const;

/** Every end that somebody is judged by has one outcome, and every outcome of the queue has its end. Pure. */
export function judgeOutcomes({ slot, replay, outcomes }: SlotStory): Violation[] {
  const lost = replay.ends.flatMap((end) => endFaults(end, outcomes));
  const foreign = outcomes.flatMap((outcome) => outcomeFaults(outcome, replay.ends));
  return [...lost, ...foreign].map((fault) => ({ ...fault, slot }));
}

function endFaults({ event, token, where }: RecordedEnd, outcomes: SlotStory['outcomes']): Violation[] {
  if (verdicts[event] === undefined) return [];
  const mine = outcomes.filter(({ said }) => said.extra.token === token);
  if (mine.length === 1) return [];
  if (mine.length === 0)
    return [{ rule: 'lost-outcome', where, found: `${event} without an outcome`, expected: 'one outcome' }];
  const places = mine.map((one) => one.where).join(' and ');
  return [
    { rule: 'outcome-twice', where: places, found: `${mine.length} outcomes`, expected: 'one outcome' },
  ];
}

function outcomeFaults({ said, where }: Placed<OutcomeStatement>, ends: readonly RecordedEnd[]): Violation[] {
  const { token } = said.extra;
  const end = ends.find((one) => one.token === token);
  const expected = end && verdicts[end.event];
  if (said.outcome === expected) return [];
  const found = `${said.outcome} for token ${token}`;
  return [{ rule: 'foreign-outcome', where, found, expected: expected ?? 'an end with this token' }];
}
