/** What is true of an upgrade and of the times around its merge. Shares of accepted runs. */
export interface CanaryWorld {
  readonly name: string;
  /** What the new version changes. */
  readonly effect: number;
  /** What the times change for both versions at the given run after the merge, of `RUNS`. */
  readonly times: (at: number) => number;
}

/** Runs after the merge, both versions together, after which a person decides. */
export const RUNS = 300;
export const PAST = { rate: 0.75, runs: 200 };

const steady = () => 0;

export const canaryWorlds: readonly CanaryWorld[] = [
  { name: 'no change', effect: 0, times: steady },
  { name: 'drift: -15 for both from the merge on', effect: 0, times: () => -0.15 },
  { name: 'drift: -15 for both midway', effect: 0, times: (at) => (at < RUNS / 2 ? 0 : -0.15) },
  { name: 'drift: -30 for both, little by little', effect: 0, times: (at) => (-0.3 * at) / RUNS },
  {
    name: 'drift: 15 up and down by the week',
    effect: 0,
    times: (at) => (Math.floor(at / 70) % 2 ? 0.15 : -0.15),
  },
  {
    name: 'drift: +15 for both, -35 from the 40th run on',
    effect: 0,
    times: (at) => (at < 40 ? 0.15 : -0.35),
  },
  { name: 'harm -10', effect: -0.1, times: steady },
  { name: 'harm -20', effect: -0.2, times: steady },
  { name: 'harm -35', effect: -0.35, times: steady },
  { name: 'harm -20 while times get 15 better', effect: -0.2, times: () => 0.15 },
  { name: 'benefit +10', effect: 0.1, times: steady },
  { name: 'benefit +20', effect: 0.2, times: steady },
  { name: 'benefit +15 while times get 15 worse', effect: 0.15, times: () => -0.15 },
];

/** Whether the run at this place is accepted. */
export function isAccepted(world: CanaryWorld, random: () => number, at: number, isNew: boolean): boolean {
  const rate = PAST.rate + world.times(at) + (isNew ? world.effect : 0);
  return random() < Math.min(1, Math.max(0, rate));
}
