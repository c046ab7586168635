import { oneLine } from '../../../contracts/issue.ts';
import { maskSecrets } from '../../../contracts/secrets.ts';
import type { Finding } from '../finding.ts';
import type { SegmentLine } from './compare-lines.ts';
import type { DiffGround } from './diff-ground.ts';
import { type FoundClaim, findClaims } from './find-claims.ts';
import { judgeClaim } from './judge-claim.ts';
import { readKnownSlots } from './read-known-slots.ts';

export interface ClaimCheck {
  readonly findings: readonly Finding[];
  readonly count: number;
  readonly unchecked: readonly string[];
}

/** Holds every claim that the change names against the one that the ledger or the slot's cell knows. */
export async function judgeClaims(ground: DiffGround, lines: readonly SegmentLine[]): Promise<ClaimCheck> {
  const found = await findClaims(ground, lines);
  const nothing = { findings: [], count: 0, unchecked: [] };
  if (found.length === 0) return nothing;
  const known = await readKnownSlots(ground, new Set(found.map(({ claim }) => claim.slot)));
  const findings: Finding[] = [];
  const unchecked = new Set<string>();
  for (const one of found) {
    const slot = known.get(one.claim.slot);
    const judged = slot === undefined ? { verdict: 'current' as const } : judgeClaim(one.claim, slot);
    if (judged.verdict === 'stale') findings.push(staleClaim(one, judged.why));
    if (judged.verdict === 'unknown') unchecked.add(notKnown(ground, one, judged.why));
  }
  return { findings, count: found.length, unchecked: [...unchecked] };
}

function staleClaim({ claim, path, line, field, where }: FoundClaim, why: string): Finding {
  const { slot, token } = claim;
  return {
    path,
    ...(line === undefined ? {} : { line }),
    ...(field === undefined ? {} : { field }),
    severity: 'error',
    rule: 'stale-claim',
    // The name of a worker is somebody's text.
    message: oneLine(
      maskSecrets(`expected the claim that holds ${slot}, found token ${token} in ${where}: ${why}`),
    ),
    hint: 'a result of a claim that was lost counts for nothing: "millwright queue show" names the claim that counts, whose worker delivers',
  };
}

function notKnown({ settings }: DiffGround, { claim }: FoundClaim, why: string): string {
  const refs = `${settings.ref_namespace}/slots/`;
  return `whether token ${claim.token} of ${claim.slot} is its claim: ${why}; fetch ${refs} and the branch ${settings.ledger_branch}`;
}
