import type { ChainStep } from './parse-chain.ts';
import type { ClaimStatement } from './statements.ts';
import type { Violation } from './violation.ts';

type Fault = Pick<Violation, 'rule' | 'found' | 'expected'>;

/**
 * Holds every step of a cell against the one before it. Pure.
 * @param start where the tokens of the slot's present life start: a stray claim of an earlier one may lie below
 */
export function judgeChain(slot: string, steps: readonly ChainStep[], start = 0): Violation[] {
  return steps.flatMap((step, at) =>
    faultsOf(steps[at - 1], step.claim, start).map((fault) => ({
      ...fault,
      slot,
      where: step.commits.at(-1) ?? '',
    })),
  );
}

function faultsOf(before: ChainStep | undefined, next: ClaimStatement, start: number): Fault[] {
  if (before === undefined) return next.state === 'claimed' ? [] : [impossible('nothing', next)];
  const { claim: last } = before;
  if (isEnd(last))
    return [{ rule: 'after-the-end', found: say(next), expected: `nothing after ${say(last)}` }];
  const faults = next.item_id === last.item_id ? [] : [otherItem(last, next)];
  if (next.nonce !== last.nonce && next.state === 'claimed')
    return [...faults, ...ofNewClaim(before, next, start)];
  return [...faults, ...ofSameClaim(before, next)];
}

function ofNewClaim(before: ChainStep, next: ClaimStatement, start: number): Fault[] {
  const { state } = before.claim;
  const token = Math.max(before.claim.token, next.token > start ? start : 0);
  const number = next.token === token + 1 ? [] : [wrongNext(token, next)];
  // Whoever released a claim has let go: nothing has to be proved.
  return state === 'claimed' ? [...number, ...takeoverFaults(before, next)] : number;
}

function takeoverFaults(before: ChainStep, next: ClaimStatement): Fault[] {
  if (next.expired === undefined)
    return [{ rule: 'two-holders', found: say(next), expected: `an end of ${say(before.claim)} first` }];
  return proofFaults(before, next.expired);
}

function ofSameClaim(before: ChainStep, next: ClaimStatement): Fault[] {
  const { claim: last } = before;
  // A release that somebody else wrote for a holder that is gone.
  const byOther = next.state === 'released' && next.worker_id !== last.worker_id;
  if (byOther && next.expired === undefined)
    return [{ rule: 'unproved-takeover', found: say(next), expected: `proof that ${say(last)} ran out` }];
  const sameHolder = byOther || next.worker_id === last.worker_id;
  if (next.nonce !== last.nonce || next.token !== last.token || !sameHolder)
    return [{ rule: 'foreign-write', found: say(next), expected: `the holder: ${say(last)}` }];
  if (last.state === 'released') return next.state === 'cancelled' ? [] : [impossible(say(last), next)];
  return next.expired === undefined ? [] : proofFaults(before, next.expired);
}

/** A claim that ran out is named by the commit, the token and the worker of the step before. */
function proofFaults(
  { claim, commits }: ChainStep,
  expired: NonNullable<ClaimStatement['expired']>,
): Fault[] {
  const fits =
    commits.at(-1) === expired.commit &&
    claim.token === expired.token &&
    claim.worker_id === expired.worker_id;
  if (fits) return [];
  const [found, expected] = [
    expired,
    { commit: commits.at(-1) ?? '', token: claim.token, worker_id: claim.worker_id },
  ].map(({ commit, token, worker_id }) => `commit ${commit} with token ${token} of ${worker_id}`) as [
    string,
    string,
  ];
  return [{ rule: 'unproved-takeover', found, expected }];
}

function isEnd({ state }: ClaimStatement): boolean {
  return state !== 'claimed' && state !== 'released';
}

function say({ state, token, worker_id }: ClaimStatement): string {
  return `${state} with token ${token} by ${worker_id}`;
}

function wrongNext(token: number, next: ClaimStatement): Fault {
  return { rule: 'token-not-next', found: say(next), expected: `token ${token + 1}` };
}

function impossible(after: string, next: ClaimStatement): Fault {
  return { rule: 'impossible-step', found: say(next), expected: `a new claim after ${after}` };
}

function otherItem({ item_id: expected }: ClaimStatement, { item_id: found }: ClaimStatement): Fault {
  return { rule: 'foreign-write', found: `a claim for item ${found}`, expected: `item ${expected}` };
}
