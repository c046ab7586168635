import { type FamilyResult, type Finding, percent, sayP, WATCH_BELOW } from './finding.ts';
import { adjustedPValues, benjaminiHochberg } from './statistics/benjamini-hochberg.ts';
import { lowerTail } from './statistics/binomial-tail.ts';

/** A row of `outcome_groups.sql`. */
export interface OutcomeGroup {
  readonly persona_id: string;
  readonly persona_version: string | null;
  readonly model: string | null;
  readonly domain: string | null;
  readonly n: number;
  readonly accepted: number;
  readonly cost_usd: number | null;
  readonly failed: readonly string[];
}

interface Options {
  readonly minGroup: number;
  readonly falseDiscoveryRate: number;
}

/**
 * Groups that succeed less often than their persona does as a whole:
 * p = P(X <= accepted | n, pooled rate), judged together by Benjamini and Hochberg.
 */
export function findWeakGroups(groups: readonly OutcomeGroup[], options: Options): FamilyResult {
  const pooled = pooledRates(groups);
  const judged = groups.filter(({ n }) => n >= options.minGroup);
  const pValues = judged.map((group) =>
    lowerTail(group.accepted, group.n, pooled.get(group.persona_id)?.rate ?? 0),
  );
  const rejected = benjaminiHochberg(pValues, options.falseDiscoveryRate);
  const adjusted = adjustedPValues(pValues);
  const at = (place: number) => ({ p_value: pValues[place] ?? 1, p_adjusted: adjusted[place] ?? 1 });
  return {
    comparisons: judged.length,
    findings: judged.flatMap((group, place) =>
      rejected[place] ? [finding(group, pooled.get(group.persona_id), at(place))] : [],
    ),
    watch: judged.flatMap((group, place) =>
      !rejected[place] && at(place).p_value < WATCH_BELOW ? [{ title: headline(group), ...at(place) }] : [],
    ),
    notEnough: groups
      .filter(({ n }) => n < options.minGroup)
      .map((group) => ({ title: headline(group), n: group.n, needed: options.minGroup })),
  };
}

interface Pool {
  readonly n: number;
  readonly accepted: number;
  readonly rate: number;
}

function pooledRates(groups: readonly OutcomeGroup[]): Map<string, Pool> {
  const pools = new Map<string, Pool>();
  for (const { persona_id, n, accepted } of groups) {
    const before = pools.get(persona_id) ?? { n: 0, accepted: 0, rate: 0 };
    const sum = { n: before.n + n, accepted: before.accepted + accepted };
    pools.set(persona_id, { ...sum, rate: sum.accepted / sum.n });
  }
  return pools;
}

function finding(
  group: OutcomeGroup,
  pool: Pool | undefined,
  p: { p_value: number; p_adjusted: number },
): Finding {
  const whole = pool ?? { n: 0, accepted: 0, rate: 0 };
  const statement = `${headline(group)}, against ${percent(whole.accepted, whole.n)} over all ${whole.n} runs of ${group.persona_id}`;
  return {
    type: 'investigate',
    persona: group.persona_id,
    priority: p.p_adjusted < 0.01 ? 'high' : 'medium',
    title: `${headline(group)}: below the persona's ${percent(whole.accepted, whole.n)}`,
    text: 'Read the failing records and say why they failed. Data alone shows that this group is weak, not what would help.',
    evidence: [
      {
        statement,
        record_ids: [...group.failed],
        domain: group.domain,
        arms: [
          {
            arm: group.model ?? 'unknown model',
            n: group.n,
            accepted: group.accepted,
            cost_usd: group.cost_usd,
          },
        ],
        test: `lower binomial tail against the pooled rate, ${sayP(p.p_value)}`,
        ...p,
      },
    ],
  };
}

function headline(group: OutcomeGroup): string {
  const who = `${group.persona_id} ${group.persona_version ?? ''}`.trim();
  const where = group.domain === null ? '' : ` in ${group.domain}`;
  return `${who} with ${group.model ?? 'an unknown model'}${where}: ${group.accepted} of ${group.n} accepted (${percent(group.accepted, group.n)})`;
}
