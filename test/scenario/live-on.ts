import { dropRecommendations } from './drop-recommendations.ts';
import { workAround } from './people-around.ts';
import { decideOnPulls, reopenSome } from './people-decide.ts';
import { type PassNote, runRunner } from './run-runner.ts';
import { openPulls, type Story, tell } from './story.ts';
import { chooseTrouble, type Trouble, withTrouble } from './troubles.ts';
import type { Watch } from './watch-story.ts';
import type { Runner } from './workplace.ts';

const HOUR_MS = 3_600_000;

/** What a turn of passes spent, and under what circumstances. */
export interface Turn {
  readonly trouble: Trouble;
  readonly passes: readonly PassNote[];
  /** Requests that counted. */
  readonly requests: number;
  /** Pull requests that were open when it began. */
  readonly open: number;
}

export interface LiveOptions {
  readonly days: number;
  /** Proposals that come in over this time. */
  readonly proposals: number;
  /** Passes in a week, at least. */
  readonly passesAWeek: number;
}

/** Days on which something happens that happens once. Counted from 0. */
const renamedOn = 40;
const setBackOn = 30;
const missedFrom = 55;
const MISSED_DAYS = 3;

/** Lets the days go by. @returns every turn, and everything that was wrong at the time */
export async function liveOn(
  story: Story,
  watch: Watch,
  { days, proposals, passesAWeek }: LiveOptions,
): Promise<{ turns: Turn[]; problems: string[] }> {
  const turns: Turn[] = [];
  const problems: string[] = [];
  let rest = proposals;
  for (let day = 0; day < days; day += 1) {
    const dropDays = days * 0.75;
    const most = day < dropDays ? Math.ceil(rest / Math.max(1, dropDays - day)) + 1 : rest;
    rest -= await dropRecommendations(story, Math.min(most, rest));
    await onceOn(story, day);
    story.place.clock.advance(2 * HOUR_MS);
    const isMissed = day >= missedFrom && day < missedFrom + MISSED_DAYS;
    if (!isMissed && passesOn(day, passesAWeek)) {
      turns.push(await runTurn(story));
      problems.push(...(await watch.look()));
    }
    story.place.clock.advance(6 * HOUR_MS);
    await reopenSome(story);
    await decideOnPulls(story);
    await workAround(story);
    problems.push(...(await watch.look()));
    story.place.clock.advance(16 * HOUR_MS);
  }
  return { turns, problems };
}

function passesOn(day: number, aWeek: number): boolean {
  return Math.floor(((day + 1) * aWeek) / 7) > Math.floor((day * aWeek) / 7);
}

async function onceOn(story: Story, day: number): Promise<void> {
  const { people } = story.place.github;
  if (day === renamedOn) {
    tell(story, 'rename the repository');
    await people.renameRepository('mill/factory');
  }
  if (day === setBackOn) {
    tell(story, 'force-push the base');
    story.baseSetBack = true;
    await people.forcePushBase('README.md', '# Set back\n');
  }
  if (day === 10)
    await people.openFromFork('millwright/persona-worker-00/0123456789ab', 'Me too', { 'x.md': 'x\n' });
}

/** One runner, or both at the same moment. */
export async function runTurn(story: Story, trouble = chooseTrouble(story.choice)): Promise<Turn> {
  const { place, choice } = story;
  const [actions, laptop] = place.runners;
  const runners: Runner[] = choice.happens(0.12)
    ? [actions, laptop]
    : choice.happens(0.3)
      ? [laptop]
      : [actions];
  const before = place.github.requests.length;
  const open = openPulls(story).length;
  const passes = await withTrouble(place.github, choice, trouble, () =>
    Promise.all(runners.map((runner) => runRunner(place, runner))),
  );
  story.passes.push(...passes);
  for (const { runner, report, died, failed } of passes) {
    const results = report?.proposals.map(({ proposal_id: id, result }) => `${id.slice(-12)} ${result}`);
    const failures = report?.failures.map(({ code, message }) => `${code} ${message}`);
    tell(
      story,
      `pass on ${runner}, ${trouble}: ${died ?? failed ?? [...(results ?? []), ...(failures ?? [])].join(', ')}`,
    );
  }
  const requests = place.github.requests.slice(before).filter(({ rateCounted }) => rateCounted).length;
  return { trouble, passes, requests, open };
}
