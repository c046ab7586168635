import { installFaultHook } from '../../src/contracts/fault-point.ts';
import type { GithubEmulator } from '../support/github/emulator.ts';
import type { RandomChoice } from './random-choice.ts';

/** What a killed pass ends with: no error of Millwright, so nothing catches it. */
export class Died extends Error {}

/** `none`, or what is wrong during a pass. */
export type Trouble = 'none' | 'killed' | 'bad-gateway' | 'secondary-limit' | 'cut' | 'cut-after';

const usual: Readonly<Record<Trouble, number>> = {
  none: 64,
  killed: 16,
  'bad-gateway': 6,
  'secondary-limit': 4,
  cut: 5,
  'cut-after': 5,
};

export function chooseTrouble(choice: RandomChoice): Trouble {
  return choice.weighted(usual);
}

/** Does the work with something going wrong on the way. */
export async function withTrouble<T>(
  github: GithubEmulator,
  choice: RandomChoice,
  trouble: Trouble,
  work: () => Promise<T>,
): Promise<T> {
  if (trouble === 'killed') killAt(1 + choice.below(40));
  else if (trouble !== 'none') disturb(github, trouble, 1 + choice.below(12), 1 + choice.below(6));
  try {
    return await work();
  } finally {
    installFaultHook(undefined);
    github.intercept(undefined);
  }
}

/** Once: of two passes at the same time one goes on. */
function killAt(visit: number): void {
  let left = visit;
  installFaultHook((point) => {
    left -= 1;
    if (left === 0) throw new Died(point);
  });
}

/** From the `first` request on, so many of them go wrong. */
function disturb(
  github: GithubEmulator,
  trouble: Exclude<Trouble, 'none' | 'killed'>,
  first: number,
  times: number,
): void {
  let seen = 0;
  github.intercept(() => {
    seen += 1;
    return seen < first || seen >= first + times ? undefined : faults[trouble];
  });
}

const faults = {
  'bad-gateway': { status: 502, body: '<html><body>502 Bad Gateway</body></html>' },
  'secondary-limit': {
    status: 403,
    headers: { 'retry-after': '20' },
    body: {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    },
  },
  cut: 'cut',
  'cut-after': 'cut-after',
} as const;
