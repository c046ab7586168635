/** What is true of a patch: by how much it changes the share of archived tasks that are solved. */
export interface GateWorld {
  readonly name: string;
  readonly effect: number;
  /** Share of tasks that the version in use solved when the tasks were archived. */
  readonly rate: number;
  /** How alike the tasks are. Small: most are nearly always or nearly never solved. */
  readonly likeness: number;
  /** What changed for both versions since the tasks were archived. */
  readonly times: number;
}

export interface Replay {
  /** What the archive says of the version in use. */
  readonly archived: boolean;
  /** The two replays of now. */
  readonly before: boolean;
  readonly after: boolean;
}

/** With these, two replays of one version differ on a third of the tasks. */
const usual = { rate: 0.6, likeness: 2.3, times: 0 };

export const gateWorlds: readonly GateWorld[] = [
  { ...usual, name: 'no effect', effect: 0 },
  { ...usual, name: 'no effect, replays differ seldom', effect: 0, likeness: 0.4 },
  { ...usual, name: 'no effect, tasks all alike', effect: 0, likeness: 1_000 },
  { ...usual, name: 'drift: no effect, -15 for both since the archive', effect: 0, times: -0.15 },
  { ...usual, name: 'drift: no effect, +15 for both since the archive', effect: 0, times: 0.15 },
  { ...usual, name: 'harm -10', effect: -0.1 },
  { ...usual, name: 'harm -20', effect: -0.2 },
  { ...usual, name: 'harm -10 while times got 15 better', effect: -0.1, times: 0.15 },
  { ...usual, name: 'benefit +10', effect: 0.1 },
  { ...usual, name: 'benefit +20', effect: 0.2 },
];

/** One task: its own difficulty, then the archived attempt and two replays that know nothing of each other. */
export function replayTask({ rate, likeness, effect, times }: GateWorld, random: () => number): Replay {
  const once = betaDraw(random, likeness * rate, likeness * (1 - rate));
  const now = moved(once, rate, times);
  const patched = moved(now, rate + times, effect);
  return { archived: random() < once, before: random() < now, after: random() < patched };
}

/** Moves the chance of one task so that the mean over all tasks moves from `mean` by exactly `by`. */
function moved(chance: number, mean: number, by: number): number {
  return by >= 0 ? chance + ((1 - chance) * by) / (1 - mean) : chance * (1 + by / mean);
}

/** A Beta(a, b) number. Method: M. Jöhnk, Metrika 8 (1964); for large a + b it would hardly ever end. */
function betaDraw(random: () => number, a: number, b: number): number {
  if (a + b > 100) return a / (a + b);
  for (;;) {
    const x = random() ** (1 / a);
    const y = random() ** (1 / b);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}
