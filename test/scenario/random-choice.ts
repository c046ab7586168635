/** Choices of a story, all from one seed. */
export interface RandomChoice {
  /** 0 included, 1 excluded. */
  number(): number;
  /** A whole number from 0, `below` excluded. */
  below(below: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  of<T>(values: readonly T[]): T | undefined;
  /** One of the keys, each as likely as its weight says. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key;
}

export function randomChoice(number: () => number): RandomChoice {
  const below = (most: number) => Math.floor(number() * most);
  return {
    number,
    below,
    happens: (probability) => number() < probability,
    of: (values) => values[below(values.length)],
    weighted: (weights) => {
      const entries = Object.entries(weights) as [keyof typeof weights, number][];
      let rest = number() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      const found = entries.find(([, weight]) => {
        rest -= weight;
        return rest < 0;
      });
      return (found ?? entries[0] ?? raise())[0];
    },
  };
}

function raise(): never {
  throw new Error('there is nothing to choose from');
}
