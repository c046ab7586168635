import { tableText } from '../table-text.ts';
import { type Acceptance, acceptance } from './acceptance.ts';
import type { Seeds } from './canary-suite.ts';
import { type GateRule, gateRules, PRODUCT } from './gate-rules.ts';
import { type GateWorld, gateWorlds, replayTask } from './gate-worlds.ts';
import { seedRandom } from './seed-random.ts';
import { type Share, shareOf, shareText } from './share.ts';

export interface GateFigures {
  readonly rule: string;
  readonly world: string;
  readonly accepted: Share;
}

export interface GateSuite {
  readonly figures: readonly GateFigures[];
  /** Share of tasks on which two replays differ, by world. */
  readonly differing: Readonly<Record<string, number>>;
  readonly acceptance: readonly Acceptance[];
}

const MOST_TASKS = 60;

/** Every rule in every world, on the same replays. */
export function gateSuite(seeds: Seeds): GateSuite {
  const played = gateWorlds.map((world) => ({ world, episodes: playAll(world, seeds) }));
  const figures = gateRules.flatMap((rule) =>
    played.map(({ world, episodes }) => judge(rule, world, episodes)),
  );
  const accepted = (world: string) => {
    const found = figures.find((one) => one.rule === PRODUCT && one.world === world);
    if (found === undefined) throw new Error(`no such world: ${world}`);
    return found.accepted;
  };
  const atMost = (world: string, bound: number) =>
    acceptance('patch gate', `accepted, ${world}`, accepted(world), { atMost: bound });
  const harmless = gateWorlds.filter(({ effect }) => effect === 0);
  return {
    figures,
    differing: Object.fromEntries(played.map(({ world, episodes }) => [world.name, differing(episodes)])),
    acceptance: [...harmless.map(({ name }) => atMost(name, 0.1)), atMost('harm -10', 0.02)],
  };
}

function playAll(world: GateWorld, { first, episodes }: Seeds) {
  return Array.from({ length: episodes }, (_, at) => {
    const random = seedRandom(first + at, `gate, ${world.name}`);
    return Array.from({ length: MOST_TASKS }, () => replayTask(world, random));
  });
}

type Episodes = ReturnType<typeof playAll>;

function judge(rule: GateRule, world: GateWorld, episodes: Episodes): GateFigures {
  const accepted = shareOf(episodes, (replays) =>
    rule.accepts(rule.tasks < MOST_TASKS ? replays.slice(0, rule.tasks) : replays, world),
  );
  return { rule: rule.name, world: world.name, accepted };
}

function differing(episodes: Episodes): number {
  const all = episodes.flat();
  return all.filter(({ before, after }) => before !== after).length / all.length;
}

export function gateText({ figures, differing: share }: GateSuite): string {
  return gateWorlds
    .map(({ name }) => {
      const rows = figures
        .filter(({ world }) => world === name)
        .map(({ rule, accepted }) => [rule, shareText(accepted)]);
      const table = tableText([['rule', 'accepted [95 %]'], ...rows]);
      const differ = Math.round(100 * (share[name] ?? 0));
      return `${name}; replays differ on ${differ} % of the tasks\n${table.replaceAll(/^/gm, '  ')}`;
    })
    .join('\n\n');
}
