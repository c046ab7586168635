import { MillwrightError } from '../../contracts/millwright-error.ts';

/** Faults that every slot would meet: trying the next one only spends agents and pushes. */
const hopeless =
  /^(?:command-not-found|push-refused|remote-credentials|no-base-branch|disk-full|git-missing|no-permission)$/;

/** So many slots in a row, and none came to a result: then it is not the slots. */
const MOST_IN_A_ROW = 3;

/** Tells when a worker had better stop than break on slot after slot. */
export class Breaker {
  #inARow = 0;
  #why: MillwrightError | undefined;

  /** Why to stop; undefined: go on. */
  get why(): MillwrightError | undefined {
    return this.#why;
  }

  finished(): void {
    this.#inARow = 0;
  }

  broke(reason: string, code: string | undefined): void {
    this.#inARow += 1;
    if (hopeless.test(code ?? '') || this.#inARow >= MOST_IN_A_ROW) this.#why ??= stopped(reason, code);
  }
}

function stopped(reason: string, code: string | undefined): MillwrightError {
  return new MillwrightError(
    'worker-stopped',
    `the worker stops, because no slot would fare better: ${reason}`,
    {
      hint: 'mend what is named, then start the worker again; its slots are free for others',
      data: { ...(code === undefined ? {} : { code }) },
    },
  );
}
