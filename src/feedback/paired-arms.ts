import type { ArmFigures, Evidence } from '../contracts/recommendation.ts';

/** Evidence in which both versions tried the same work. */
export interface PairedEvidence extends Pick<Evidence, 'domain'> {
  /** What is in use, and what is proposed. */
  readonly arms: readonly ArmFigures[];
}

/** The evidence that a promise can be computed from. Figures that people write by hand need not add up. Pure. */
export function pairedArms(evidence: readonly Evidence[]): PairedEvidence[] {
  return evidence.flatMap(({ arms, domain }) =>
    arms?.length === 2 && arms.every(({ n, accepted }) => accepted <= n) ? [{ arms, domain }] : [],
  );
}
