import type { EmulatedPull } from '../support/github/emulator.ts';
import { proposalPulls, type Story } from './story.ts';

const DAY_MS = 86_400_000;

/**
 * Whether the caps held when these pull requests were opened, by what GitHub itself knows. What a person has ordered
 * to be opened counts for others, but is not held back itself.
 */
export function capProblems(story: Story, fresh: readonly EmulatedPull[]): string[] {
  const all = proposalPulls(story);
  const { maxOpen, maxPerDay } = story.place.settings;
  return fresh.flatMap((pull) => {
    if (wasOrdered(story, pull)) return [];
    const at = timeOf(pull.createdAt);
    const before = all.filter((other) => other.number <= pull.number);
    const open = before.filter((other) => isOpenAt(other, at, pull.number)).length;
    const inDay = before.filter((other) => timeOf(other.createdAt) > at - DAY_MS).length;
    return [
      ...(open > maxOpen ? [`#${pull.number} made ${open} open at once`] : []),
      ...(inDay > maxPerDay ? [`#${pull.number} was number ${inDay} of its day`] : []),
    ];
  });
}

/** The caps were full and somebody said "open it now". */
function wasOrdered({ orders }: Story, { head, createdAt }: EmulatedPull): boolean {
  return orders.some(
    ({ order, id, at }) => order === 'open' && id === head && timeOf(at) <= timeOf(createdAt) + 1_000,
  );
}

/** What was opened again counts by its last events. */
function isOpenAt({ number, events, state, closedAt }: EmulatedPull, at: number, own: number): boolean {
  if (number === own) return true;
  const turns = events.filter(({ event }) => event === 'closed' || event === 'reopened');
  const last = turns.filter(({ createdAt }) => timeOf(createdAt) <= at).at(-1);
  if (last !== undefined) return last.event === 'reopened';
  return turns.length > 0 || state === 'open' || closedAt === null;
}

function timeOf(instant: string): number {
  return new Date(instant).getTime();
}
