import type { Persona } from '../contracts/persona.ts';
import { type FamilyResult, type Finding, sayP, WATCH_BELOW } from './finding.ts';
import { adjustedPValues, benjaminiHochberg } from './statistics/benjamini-hochberg.ts';
import { upperTail } from './statistics/binomial-tail.ts';

/** A row of `bullet_votes.sql`. */
export interface BulletVotes {
  readonly persona_id: string;
  readonly bullet: string;
  readonly helpful: number;
  readonly harmful: number;
  readonly record_ids: readonly string[];
}

/** Fewer votes than this judge nobody. */
const FEWEST_VOTES = 8;

/**
 * Playbook bullets that mislead more often than they help: p = P(X >= harmful | votes, 1/2), judged together
 * by Benjamini and Hochberg. Counters in the persona file count as votes of the past.
 */
export function findHarmfulBullets(
  persona: Persona,
  votes: readonly BulletVotes[],
  falseDiscoveryRate: number,
): FamilyResult {
  const counted = persona.playbook
    .map((bullet) => {
      const vote = votes.find((row) => row.persona_id === persona.id && row.bullet === bullet.id);
      return {
        id: bullet.id,
        helpful: bullet.helpful + (vote?.helpful ?? 0),
        harmful: bullet.harmful + (vote?.harmful ?? 0),
        record_ids: vote?.record_ids ?? [],
      };
    })
    .filter(({ helpful, harmful }) => helpful + harmful > 0);
  const judged = counted.filter(({ helpful, harmful }) => helpful + harmful >= FEWEST_VOTES);
  const pValues = judged.map(({ helpful, harmful }) => upperTail(harmful, helpful + harmful, 0.5));
  const rejected = benjaminiHochberg(pValues, falseDiscoveryRate);
  const adjusted = adjustedPValues(pValues);
  const at = (place: number) => ({ p_value: pValues[place] ?? 1, p_adjusted: adjusted[place] ?? 1 });
  return {
    comparisons: judged.length,
    findings: judged.flatMap((bullet, place) =>
      rejected[place] ? [finding(persona, bullet, at(place))] : [],
    ),
    watch: judged.flatMap((bullet, place) =>
      !rejected[place] && at(place).p_value < WATCH_BELOW
        ? [{ title: headline(persona, bullet), ...at(place) }]
        : [],
    ),
    notEnough: counted
      .filter(({ helpful, harmful }) => helpful + harmful < FEWEST_VOTES)
      .map((bullet) => ({
        title: headline(persona, bullet),
        n: bullet.helpful + bullet.harmful,
        needed: FEWEST_VOTES,
      })),
  };
}

interface Counted {
  readonly id: string;
  readonly helpful: number;
  readonly harmful: number;
  readonly record_ids: readonly string[];
}

function finding(persona: Persona, bullet: Counted, p: { p_value: number; p_adjusted: number }): Finding {
  return {
    type: 'retire_bullet',
    persona: persona.id,
    priority: 'medium',
    title: `${persona.id}: retire bullet ${bullet.id}`,
    deltas: [
      {
        op: 'remove_bullet',
        id: bullet.id,
        why: `It misled ${bullet.harmful} times and helped ${bullet.helpful} times (${sayP(p.p_value)}).`,
      },
    ],
    evidence: [
      {
        statement: headline(persona, bullet),
        record_ids: [...bullet.record_ids],
        test: 'binomial test against one half, one-sided',
        ...p,
      },
    ],
  };
}

function headline(persona: Persona, { id, helpful, harmful }: Counted): string {
  return `${persona.id}: bullet ${id} misled ${harmful} times and helped ${helpful} times`;
}
