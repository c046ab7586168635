import { median } from '../measure.ts';
import { tableText } from '../table-text.ts';
import { type Acceptance, acceptance } from './acceptance.ts';
import { type CanaryRule, canaryRules, PRODUCT, playPast } from './canary-rules.ts';
import { type CanaryWorld, canaryWorlds } from './canary-worlds.ts';
import { seedRandom } from './seed-random.ts';
import { type Share, shareOf, shareText } from './share.ts';

/** Seeds `first` to `first + episodes - 1`. */
export interface Seeds {
  readonly first: number;
  readonly episodes: number;
}

export interface CanaryFigures {
  readonly rule: string;
  readonly world: string;
  readonly rolled_back: Share;
  /** Runs of both versions until the decision, of the episodes in which it was made. */
  readonly runs_to_rollback: number | null;
  readonly promoted: Share;
  readonly runs_to_promotion: number | null;
}

export interface CanarySuite {
  readonly figures: readonly CanaryFigures[];
  readonly acceptance: readonly Acceptance[];
}

/** Every rule in every world; in one world all rules see the same past. */
export function canarySuite(seeds: Seeds): CanarySuite {
  const figures = canaryRules.flatMap((rule) => canaryWorlds.map((world) => play(rule, world, seeds)));
  const ours = (world: string) => {
    const found = figures.find((one) => one.rule === PRODUCT && one.world === world);
    if (found === undefined) throw new Error(`no such world: ${world}`);
    return found;
  };
  const row = (world: string, bound: { atLeast: number } | { atMost: number }) =>
    acceptance('persona canary', `rolled back, ${world}`, ours(world).rolled_back, bound);
  const drifts = canaryWorlds.filter(({ name }) => name.startsWith('drift'));
  return {
    figures,
    acceptance: [
      row('no change', { atMost: 0.05 }),
      ...drifts.map(({ name }) => row(name, { atMost: 0.05 })),
      row('harm -35', { atLeast: 0.99 }),
      row('harm -20', { atLeast: 0.85 }),
      acceptance('persona canary', 'promoted, no change', ours('no change').promoted, { atMost: 0.05 }),
    ],
  };
}

function play(rule: CanaryRule, world: CanaryWorld, { first, episodes }: Seeds): CanaryFigures {
  const outcomes = Array.from({ length: episodes }, (_, at) => {
    const past = playPast(seedRandom(first + at, `past, ${world.name}`));
    return rule.judge(world, past, seedRandom(first + at, `${rule.name}, ${world.name}`));
  });
  const medianOf = (runs: readonly (number | undefined)[]) => {
    const known = runs.filter((one) => one !== undefined);
    return known.length === 0 ? null : median(known);
  };
  return {
    rule: rule.name,
    world: world.name,
    rolled_back: shareOf(outcomes, ({ rolledBackAt }) => rolledBackAt !== undefined),
    runs_to_rollback: medianOf(outcomes.map(({ rolledBackAt }) => rolledBackAt)),
    promoted: shareOf(outcomes, ({ promotedAt }) => promotedAt !== undefined),
    runs_to_promotion: medianOf(outcomes.map(({ promotedAt }) => promotedAt)),
  };
}

export function canaryText({ figures }: CanarySuite): string {
  const head = ['rule', 'rolled back [95 %]', 'median runs', 'promoted [95 %]', 'median runs'];
  return canaryWorlds
    .map(({ name }) => {
      const rows = figures
        .filter(({ world }) => world === name)
        .map((one) => [
          one.rule,
          shareText(one.rolled_back),
          one.runs_to_rollback?.toFixed(0) ?? '',
          shareText(one.promoted),
          one.runs_to_promotion?.toFixed(0) ?? '',
        ]);
      return `${name}\n${indent(tableText([head, ...rows]))}`;
    })
    .join('\n\n');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
