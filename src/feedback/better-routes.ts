import type { Persona } from '../contracts/persona.ts';
import { routeOf } from '../personas/apply-deltas.ts';
import {
  type FamilyResult,
  type Finding,
  percent,
  sayP,
  type TooFew,
  WATCH_BELOW,
  type Watched,
} from './finding.ts';
import { adjustedPValues, benjaminiHochberg } from './statistics/benjamini-hochberg.ts';
import { pairedDifference } from './statistics/paired-difference.ts';
import { signTest } from './statistics/sign-test.ts';

/** A row of `paired_arms.sql`. */
export interface PairedArms {
  readonly persona_id: string;
  readonly domain: string | null;
  readonly candidate: string;
  readonly other: string;
  readonly pairs: number;
  readonly wins: number;
  readonly losses: number;
  readonly candidate_accepted: number;
  readonly other_accepted: number;
  readonly candidate_cost: number | null;
  readonly other_cost: number | null;
  readonly record_ids: readonly string[];
}

export interface RouteOptions {
  readonly minGroup: number;
  readonly falseDiscoveryRate: number;
}

/** A cheaper model is proposed only if it may lose at most this share of successes (90 % interval) ... */
const LARGEST_LOSS = 0.05;
/** ... saves at least this share of the cost ... */
const SMALLEST_SAVING = 0.2;
/** ... and was tried this often: on fewer pairs the interval lets a worse model through too easily. */
const FEWEST_PAIRS = 60;

/**
 * Models that do a persona's work better than the one it routes to now, by domain, from pairs of attempts at
 * the same work: one-sided sign test, judged together by Benjamini and Hochberg. Domains without a route of
 * their own and without a finding are then taken together, for the default route.
 */
export function findBetterRoutes(
  persona: Persona,
  rows: readonly PairedArms[],
  options: RouteOptions,
): FamilyResult {
  const own = rows.filter((row) => row.persona_id === persona.id);
  const named = own.filter((row) => row.domain !== null && row.other === routeOf(persona, row.domain));
  const byDomain = judge(persona, named, options);
  const settled = new Set([...Object.keys(persona.routing.domains), ...byDomain.routed]);
  const rest = own.filter((row) => !settled.has(row.domain ?? '') && row.other === persona.routing.default);
  const byDefault = judge(persona, sumDomains(rest), options);
  return {
    comparisons: byDomain.comparisons + byDefault.comparisons,
    findings: [...byDomain.findings, ...byDefault.findings],
    watch: [...byDomain.watch, ...byDefault.watch],
    notEnough: [...byDomain.notEnough, ...byDefault.notEnough],
  };
}

function judge(
  persona: Persona,
  rows: readonly PairedArms[],
  options: RouteOptions,
): FamilyResult & { routed: readonly string[] } {
  const judged = rows.filter(({ pairs }) => pairs >= options.minGroup);
  const pValues = judged.map(({ wins, losses }) => signTest(wins, losses).p);
  const better = benjaminiHochberg(pValues, options.falseDiscoveryRate);
  const adjusted = adjustedPValues(pValues);
  const tested = judged.map((row, at) => ({
    row,
    better: better[at] ?? false,
    p_value: pValues[at] ?? 1,
    p_adjusted: adjusted[at] ?? 1,
  }));
  const chosen = [...groupByDomain(tested).values()].flatMap((candidates) => choose(candidates));
  return {
    comparisons: judged.length,
    findings: chosen.map((test) => finding(persona, test)),
    watch: tested.filter((test) => !test.better && test.p_value < WATCH_BELOW).map(watched),
    notEnough: tooFew(persona, rows, options),
    routed: chosen.map(({ row }) => row.domain ?? ''),
  };
}

interface Tested {
  readonly row: PairedArms;
  readonly better: boolean;
  readonly p_value: number;
  readonly p_adjusted: number;
}

function groupByDomain(tested: readonly Tested[]): Map<string | null, Tested[]> {
  const groups = new Map<string | null, Tested[]>();
  for (const test of tested) groups.set(test.row.domain, [...(groups.get(test.row.domain) ?? []), test]);
  return groups;
}

/** Of the models that are better, the one that gains most; else the cheapest that is shown to be no worse. */
function choose(candidates: readonly Tested[]): Tested[] {
  const gain = ({ row }: Tested) => row.wins - row.losses;
  const cost = ({ row }: Tested) => row.candidate_cost ?? Number.POSITIVE_INFINITY;
  const better = candidates
    .filter((test) => test.better)
    .sort((a, b) => gain(b) - gain(a) || cost(a) - cost(b));
  const cheaper = candidates.filter(savesWithoutLoss).sort((a, b) => cost(a) - cost(b));
  return (better.length > 0 ? better : cheaper).slice(0, 1);
}

function savesWithoutLoss({ row }: Tested): boolean {
  if (row.candidate_cost === null || row.other_cost === null) return false;
  const saves = row.candidate_cost <= row.other_cost * (1 - SMALLEST_SAVING);
  if (!saves || row.pairs < FEWEST_PAIRS || signTest(row.losses, row.wins).p < WATCH_BELOW) return false;
  return pairedDifference({ wins: row.wins, losses: row.losses, pairs: row.pairs }).lower > -LARGEST_LOSS;
}

function finding(persona: Persona, test: Tested): Finding {
  const { row } = test;
  const where = row.domain ?? 'everything else';
  const strong = test.p_adjusted < 0.01 && (row.wins - row.losses) / row.pairs >= 0.05;
  return {
    type: 'routing',
    persona: persona.id,
    priority: test.better ? (strong ? 'high' : 'medium') : 'low',
    title: `${persona.id}: route ${where} to ${row.candidate} ${test.better ? '(more accepted)' : '(cheaper, not worse)'}`,
    deltas: [{ op: 'set_route', domain: row.domain, model: row.candidate }],
    evidence: [
      {
        statement: sentence(row),
        record_ids: [...new Set(row.record_ids)],
        domain: row.domain,
        arms: [
          { arm: row.other, n: row.pairs, accepted: row.other_accepted, cost_usd: row.other_cost },
          {
            arm: row.candidate,
            n: row.pairs,
            accepted: row.candidate_accepted,
            cost_usd: row.candidate_cost,
          },
        ],
        test: test.better
          ? 'paired sign test, one-sided'
          : 'paired difference, 90 % interval above -5 points',
        wins: row.wins,
        losses: row.losses,
        p_value: test.p_value,
        p_adjusted: test.p_adjusted,
      },
    ],
  };
}

function sentence(row: PairedArms): string {
  const where = row.domain === null ? 'in all domains without a route of their own' : `in ${row.domain}`;
  const rates = `${percent(row.candidate_accepted, row.pairs)} of ${row.pairs} with ${row.candidate}, ${percent(row.other_accepted, row.pairs)} with ${row.other}`;
  return `${where}: ${rates}; of the pairs that differ ${row.wins} to ${row.losses}`;
}

function watched({ row, p_value, p_adjusted }: Tested): Watched {
  return {
    title: `${row.persona_id}: ${row.candidate} ${sentence(row)} (${sayP(p_value)})`,
    p_value,
    p_adjusted,
  };
}

function tooFew(persona: Persona, rows: readonly PairedArms[], options: RouteOptions): TooFew[] {
  const largest = new Map<string | null, number>();
  for (const { domain, pairs } of rows) largest.set(domain, Math.max(largest.get(domain) ?? 0, pairs));
  return [...largest]
    .filter(([, pairs]) => pairs < options.minGroup)
    .map(([domain, pairs]) => ({
      title: `${persona.id}: best model for ${domain ?? 'everything else'}`,
      n: pairs,
      needed: options.minGroup,
    }));
}

function sumDomains(rows: readonly PairedArms[]): PairedArms[] {
  const sums = new Map<string, PairedArms>();
  for (const row of rows) {
    const before = sums.get(row.candidate);
    sums.set(row.candidate, before === undefined ? { ...row, domain: null } : add(before, row));
  }
  return [...sums.values()];
}

function add(a: PairedArms, b: PairedArms): PairedArms {
  const cost = (x: number | null, y: number | null) =>
    x === null || y === null || !Number.isFinite(x + y) ? null : x + y;
  return {
    ...a,
    pairs: a.pairs + b.pairs,
    wins: a.wins + b.wins,
    losses: a.losses + b.losses,
    candidate_accepted: a.candidate_accepted + b.candidate_accepted,
    other_accepted: a.other_accepted + b.other_accepted,
    candidate_cost: cost(a.candidate_cost, b.candidate_cost),
    other_cost: cost(a.other_cost, b.other_cost),
    record_ids: [...a.record_ids, ...b.record_ids].slice(0, 1_000),
  };
}
