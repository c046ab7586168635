import type { LedgerEvidence } from './evidence.ts';
import type { Chain } from './parse-chain.ts';

/** A result that counts, and what it says is on which branch. */
export interface ShippedResult {
  readonly slot: string;
  readonly branch: string;
  readonly commit: string;
  readonly where: string;
}

/** Results that were shipped and pushed, by the records and by cells that no pass has folded yet. Pure. */
export function shippedResults({ outcomes }: LedgerEvidence, chains: readonly Chain[]): ShippedResult[] {
  const recorded = outcomes
    .filter(({ said }) => said.outcome === 'accepted')
    .flatMap(({ said, where }) => resultOf(said.extra.slot_id, where, said));
  const folded = new Set(recorded.map(({ slot }) => slot));
  const waiting = chains.flatMap(({ slot, tip, steps }) => {
    const last = steps.at(-1)?.claim;
    return last?.state === 'shipped' && !folded.has(slot) ? resultOf(slot, tip, last.result ?? {}) : [];
  });
  return [...recorded, ...waiting];
}

function resultOf(
  slot: string,
  where: string,
  said: { readonly branch_name?: string | undefined; readonly commit_hash?: string | undefined },
): ShippedResult[] {
  const { branch_name: branch, commit_hash: commit } = said;
  return branch === undefined || commit === undefined
    ? []
    : [{ slot, branch: branch.replace(/^refs\/heads\//, ''), commit, where }];
}
