import type { ReplayRun } from '../../src/contracts/patch-test.ts';
import { judgePairs } from '../../src/feedback/gate/judge-pairs.ts';
import type { GateWorld, Replay } from './gate-worlds.ts';

export interface GateRule {
  readonly name: string;
  /** How many tasks are replayed. */
  readonly tasks: number;
  readonly accepts: (replays: readonly Replay[], world: GateWorld) => boolean;
}

/** What the product does. */
export const PRODUCT = 'Millwright: verdict improved, 60 tasks';

export const gateRules: readonly GateRule[] = [
  { name: PRODUCT, tasks: 60, accepts: (replays) => verdict(replays) === 'improved' },
  // A patch that is found to be worse is not proposed; one without evidence is, and says so.
  {
    name: 'all but what Millwright finds worse',
    tasks: 60,
    accepts: (replays) => verdict(replays) !== 'worse',
  },
  { name: "the seed's: mean up, 30 tasks", tasks: 30, accepts: (replays) => gain(replays) > 0 },
  { name: 'mean 5 points up, 30 tasks', tasks: 30, accepts: (replays) => gain(replays) >= 0.05 * 30 },
  {
    name: 'mean up on the archive, 60 tasks',
    tasks: 60,
    accepts: (replays) => count(replays, ({ after }) => after) > count(replays, ({ archived }) => archived),
  },
  { name: 'no gate', tasks: 0, accepts: () => true },
  { name: 'oracle', tasks: 0, accepts: (_replays, { effect }) => effect > 0 },
];

const count = (replays: readonly Replay[], test: (replay: Replay) => boolean) => replays.filter(test).length;
const wins = (replays: readonly Replay[]) => count(replays, ({ before, after }) => after && !before);
const losses = (replays: readonly Replay[]) => count(replays, ({ before, after }) => before && !after);
const gain = (replays: readonly Replay[]) => wins(replays) - losses(replays);

const known = new WeakMap<readonly Replay[], string>();

/** The product's own judgement of these replays. */
function verdict(replays: readonly Replay[]): string {
  const found = known.get(replays) ?? judgePairs(replays.flatMap((replay, at) => runsOf(replay, at))).verdict;
  known.set(replays, found);
  return found;
}

function runsOf({ before, after }: Replay, at: number): ReplayRun[] {
  return [run('old', at, before), run('new', at, after)];
}

function run(arm: ReplayRun['arm'], at: number, solved: boolean): ReplayRun {
  return {
    patch_id: 'simulated',
    persona_id: 'solver',
    task_id: `task ${at}`,
    stage: 'gate',
    arm,
    attempt: 1,
    outcome: solved ? 'accepted' : 'failed',
  };
}
