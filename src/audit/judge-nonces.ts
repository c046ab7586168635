import type { Chain } from './parse-chain.ts';
import type { Violation } from './violation.ts';

/** A nonce belongs to one claim: two claims with one nonce could both take the cell for their own. Pure. */
export function judgeNonces(chains: readonly Chain[]): Violation[] {
  const seen = new Map<string, string>();
  return chains.flatMap(({ slot, steps }) =>
    steps.flatMap(({ claim, commits }, at) => {
      const before = steps[at - 1]?.claim;
      if (claim.state !== 'claimed' || (before?.state === 'claimed' && before.nonce === claim.nonce))
        return [];
      const where = commits[0] ?? '';
      const other = seen.get(claim.nonce);
      seen.set(claim.nonce, where);
      const found = `the nonce of ${other}`;
      return other === undefined
        ? []
        : [{ rule: 'nonce-reused', slot, where, found, expected: 'a nonce of its own' }];
    }),
  );
}
