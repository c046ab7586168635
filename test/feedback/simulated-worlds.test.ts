import { describe, expect, test } from 'vitest';
import { findBetterRoutes, type PairedArms } from '../../src/feedback/better-routes.ts';
import { findHarmfulBullets } from '../../src/feedback/harmful-bullets.ts';
import { findWeakGroups, type OutcomeGroup } from '../../src/feedback/weak-groups.ts';
import { shippedPersona } from '../personas/shipped-personas.ts';

/** Worlds in which we know what is true. The seed is fixed, so a failure is a change of the method. */
const WORLDS = 400;
const options = { minGroup: 30, falseDiscoveryRate: 0.1 };
const solver = shippedPersona('solver').persona;

type Random = () => number;

/** Mulberry32: small, and good enough to toss coins with. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const count = (random: Random, n: number, p: number) =>
  Array.from({ length: n }, () => random() < p).filter((hit) => hit).length;

function group(random: Random, domain: string, n: number, p: number): OutcomeGroup {
  const accepted = count(random, n, p);
  return {
    persona_id: 'solver',
    persona_version: '1.0.0',
    model: 'm',
    domain,
    n,
    accepted,
    cost_usd: null,
    failed: [],
  };
}

/** Pairs in which both models succeed at `p`, and the candidate `gain` more often. */
function arms(random: Random, domain: string, pairs: number, p: number, gain: number): PairedArms {
  const tries = Array.from({ length: pairs }, () => [random() < p + gain, random() < p] as const);
  const tally = (wanted: (ours: boolean, theirs: boolean) => boolean) =>
    tries.filter(([ours, theirs]) => wanted(ours, theirs)).length;
  return {
    persona_id: 'solver',
    domain,
    candidate: 'new',
    other: solver.routing.default,
    pairs,
    wins: tally((ours, theirs) => ours && !theirs),
    losses: tally((ours, theirs) => !ours && theirs),
    candidate_accepted: tally((ours) => ours),
    other_accepted: tally((_ours, theirs) => theirs),
    candidate_cost: null,
    other_cost: null,
    record_ids: [],
  };
}

/** In how many worlds something is said, and how much over all. */
function inWorlds(findings: (random: Random) => number): { worlds: number; findings: number } {
  const random = seeded(20_261_121);
  const each = Array.from({ length: WORLDS }, () => findings(random));
  return {
    worlds: each.filter((n) => n > 0).length / WORLDS,
    findings: each.reduce((sum, n) => sum + n, 0) / WORLDS,
  };
}

const domains = (n: number) => Array.from({ length: n }, (_, at) => `domain-${at}`);

describe('a world without any effect', () => {
  test('shows weak groups in about one world of ten, as the false discovery rate says.', () => {
    const { worlds, findings } = inWorlds(
      (random) =>
        findWeakGroups(
          domains(30).map((domain) => group(random, domain, 50, 0.7)),
          options,
        ).findings.length,
    );
    expect(worlds).toBeLessThan(0.13);
    expect(findings).toBeLessThan(0.2);
    // A test that never says anything would pass the lines above.
    expect(worlds).toBeGreaterThan(0.01);
  });

  test('shows better models in at most one world of ten for the domains, and one for the rest.', () => {
    const { worlds, findings } = inWorlds(
      (random) =>
        findBetterRoutes(
          solver,
          domains(20).map((domain) => arms(random, domain, 60, 0.6, 0)),
          options,
        ).findings.length,
    );
    expect(worlds).toBeLessThan(0.2);
    expect(findings).toBeLessThan(0.25);
    expect(worlds).toBeGreaterThan(0.01);
  });

  test('retires a bullet in about one world of ten.', () => {
    const { worlds } = inWorlds((random) => {
      const votes = solver.playbook.map(({ id }) => {
        const harmful = count(random, 40, 0.5);
        return { persona_id: 'solver', bullet: id, helpful: 40 - harmful, harmful, record_ids: [] };
      });
      return findHarmfulBullets(solver, votes, 0.1).findings.length;
    });
    expect(worlds).toBeLessThan(0.13);
    expect(worlds).toBeGreaterThan(0.01);
  });
});

describe('a world with an effect', () => {
  test('shows a group that succeeds 50 % of the time among others at 75 %, and few others.', () => {
    let [found, wrong] = [0, 0];
    inWorlds((random) => {
      const groups = domains(30).map((domain, at) => group(random, domain, 100, at === 0 ? 0.5 : 0.75));
      const { findings } = findWeakGroups(groups, options);
      const named = findings.filter(({ title }) => title.includes(' in domain-0:')).length;
      found += named;
      wrong += findings.length - named;
      return findings.length;
    });
    expect(found / WORLDS).toBeGreaterThan(0.95);
    expect(wrong / (found + wrong)).toBeLessThan(0.12);
  });

  test('shows a model that is 20 points better in one domain, and routes that domain alone.', () => {
    let [found, wrong] = [0, 0];
    inWorlds((random) => {
      const rows = domains(10).map((domain, at) => arms(random, domain, 200, 0.5, at === 0 ? 0.2 : 0));
      const { findings } = findBetterRoutes(solver, rows, options);
      const named = findings.filter(({ title }) => title.includes('route domain-0 to new')).length;
      found += named;
      wrong += findings.length - named;
      return findings.length;
    });
    expect(found / WORLDS).toBeGreaterThan(0.9);
    expect(wrong / WORLDS).toBeLessThan(0.25);
  });

  test('never calls a model better that is 15 points worse.', () => {
    const { findings } = inWorlds(
      (random) =>
        findBetterRoutes(
          solver,
          domains(10).map((domain) => arms(random, domain, 100, 0.6, -0.15)),
          options,
        ).findings.length,
    );
    expect(findings).toBeLessThan(0.01);
  });

  test('lets a cheaper model through seldom when it is really ten points worse.', () => {
    const { worlds } = inWorlds((random) => {
      const row = arms(random, 'domain-0', 100, 0.7, -0.1);
      const cheap = { ...row, candidate_cost: 10, other_cost: 100 };
      return findBetterRoutes(solver, [cheap], options).findings.length > 0 ? 1 : 0;
    });
    expect(worlds).toBeLessThan(0.05);
  });
});
