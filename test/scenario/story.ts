import type { EmulatedPull } from '../support/github/emulator.ts';
import type { RandomChoice } from './random-choice.ts';
import type { PassNote } from './run-runner.ts';
import type { Workplace } from './workplace.ts';

/** A box that somebody has ticked on the dashboard. */
export interface Order {
  readonly order: 'open' | 'remake' | 'reconsider';
  readonly id: string;
  readonly at: string;
}

/** A person's commit on the branch of a proposal. */
export interface HandCommit {
  readonly oid: string;
  readonly branch: string;
  readonly number: number;
  /** Why it may be gone: only a person's own word counts. */
  givenUp?: 'branch deleted by hand' | 'ordered to be made anew';
}

/** What has happened so far, as those who did it remember it. */
export interface Story {
  readonly place: Workplace;
  readonly choice: RandomChoice;
  readonly orders: Order[];
  readonly handCommits: HandCommit[];
  readonly passes: PassNote[];
  /** Recommendations that were dropped together, by persona. */
  readonly dropped: Map<string, number>;
  /** What people did, in order, for whoever repeats the seed. */
  readonly diary: string[];
  /** True once the base was set back: what was merged may be gone from it. */
  baseSetBack: boolean;
}

export function newStory(place: Workplace, choice: RandomChoice): Story {
  const lists = { orders: [], handCommits: [], passes: [], diary: [] };
  return { place, choice, ...lists, dropped: new Map(), baseSetBack: false };
}

/** The pull requests that Millwright has opened. */
export function proposalPulls({ place: { github } }: Pick<Story, 'place'>): EmulatedPull[] {
  return github
    .pulls()
    .filter(
      ({ head, headRepository }) => head.startsWith('millwright/') && headRepository === github.repository,
    );
}

export function openPulls(story: Pick<Story, 'place'>): EmulatedPull[] {
  return proposalPulls(story).filter(({ state }) => state === 'open');
}

export function tell({ diary, place }: Story, words: string): void {
  diary.push(`${place.clock.now().toISOString()} ${words}`);
}
