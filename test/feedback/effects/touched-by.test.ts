import { describe, expect, test } from 'vitest';
import type { Delta } from '../../../src/contracts/delta.ts';
import type { EffectScope } from '../../../src/feedback/effects/effect-scope.ts';
import { isInScope } from '../../../src/feedback/effects/is-in-scope.ts';
import { isPromisedScope } from '../../../src/feedback/effects/is-promised-scope.ts';
import { sayScope } from '../../../src/feedback/effects/say-scope.ts';
import { scopeOfRecord } from '../../../src/feedback/effects/scope-of-record.ts';
import { touchedBy } from '../../../src/feedback/effects/touched-by.ts';
import { applyDeltas } from '../../../src/personas/apply-deltas.ts';
import { route, solver } from '../feedback-records.ts';

const field: Delta = { op: 'set_field', field: 'role', value: 'Solves what is left of the issues' };
const unset: Delta = { op: 'unset_route', domain: 'a/b' };
const start = applyDeltas(solver, [route('a/b', 'm-1'), route('c/d', 'm-2')]);
const only = (...domains: string[]): EffectScope => ({ runs: 'only', domains });
const except = (...domains: string[]): EffectScope => ({ runs: 'except', domains });
const all: EffectScope = { runs: 'all' };

describe('a patch touches', () => {
  test.each<[string, Delta[], EffectScope]>([
    ['the domains that it routes', [route('x/y'), route('e/f')], only('e/f', 'x/y')],
    ['the domain whose route it takes away', [unset], only('a/b')],
    ['all domains without a route of their own', [route(null)], except('a/b', 'c/d')],
    ['those and one that it names', [route(null), route('a/b')], except('c/d')],
    ['all runs with anything but routes', [field], all],
  ])('%s.', (_what, deltas, scope) => {
    const after = applyDeltas(start, deltas);
    expect(touchedBy({ deltas }, start.persona, after.persona)).toEqual(scope);
    // A clone without the version before says the same from the deltas.
    expect(touchedBy({ deltas }, undefined, after.persona)).toEqual(scope);
  });

  test('nothing that keeps its model, whatever the patch says.', () => {
    const { persona } = applyDeltas(start, [route(null, 'm-1')]);
    expect(touchedBy({ deltas: [route(null, 'm-1'), unset] }, start.persona, persona)).toEqual(
      except('a/b', 'c/d'),
    );
    expect(
      touchedBy({ deltas: [route(null)] }, solver.persona, applyDeltas(solver, [route(null)]).persona),
    ).toEqual(all);
  });

  test('all runs when the merge brought more than routes.', () => {
    const { persona } = applyDeltas(start, [route('a/b'), field]);
    expect(touchedBy({ deltas: [route('a/b')] }, start.persona, persona)).toEqual(all);
  });
});

test('work without a domain is in no domain: a route of one leaves it alone, the default does not.', () => {
  const seen = [all, only('a/b'), except('a/b')].map((scope) =>
    [null, 'a/b', 'x/y'].map((domain) => isInScope(scope, domain)),
  );
  expect(seen).toEqual([
    [true, true, true],
    [false, true, false],
    [true, false, true],
  ]);
});

test('a scope is said in a few words, however long its names are.', () => {
  expect(
    [all, only('a/b'), only('a', 'b', 'c'), except('a'), only('a'.repeat(200)), only()].map(sayScope),
  ).toEqual([undefined, 'in a/b', 'in 3 domains', 'outside a', 'in 1 domain', 'in 0 domains']);
});

test('the scope of a decision is read from its record; what names none counted all runs.', () => {
  expect(scopeOfRecord({})).toEqual(all);
  expect(scopeOfRecord({ extra: { input: 'x' } })).toEqual(all);
  expect(scopeOfRecord({ extra: { runs: 'in a', scope: JSON.stringify(only('a')) } })).toEqual(only('a'));
  for (const scope of ['{', '{"runs":"some"}', 7])
    expect(scopeOfRecord({ extra: { runs: 'in a', scope } })).toBeNull();
  expect(scopeOfRecord({ extra: { runs: 'in 900 domains' } })).toBeNull();
});

describe('a promise is held against a measurement', () => {
  const arm = (n: number) => ({ arm: 'm', n, accepted: 0, cost_usd: null });
  const pair = (domain: string | null, n = 10) => ({
    statement: 's',
    record_ids: [],
    domain,
    arms: [arm(n), arm(n)],
  });
  test.each<[string, ReturnType<typeof pair>[], EffectScope, boolean]>([
    ['a guess about all runs, measured on all', [], all, true],
    ['a guess about all runs, measured on a domain', [], only('a'), false],
    ['pairs of no runs are a guess', [pair('a', 0)], all, true],
    ['pairs of the domains that are measured', [pair('a'), pair('b')], only('a', 'b'), true],
    ['pairs of one of them', [pair('a')], only('a', 'b'), false],
    ['pairs of others too', [pair('a'), pair('b')], only('a'), false],
    ['pairs of one domain, measured on all', [pair('a')], all, false],
    ['pairs of everything else', [pair(null)], except('c'), true],
    ['pairs of everything else, measured on a domain', [pair(null)], only('c'), false],
    ['pairs of everything else and of what is left out', [pair(null), pair('c')], except('c'), false],
  ])('%s.', (_what, evidence, scope, same) => {
    expect(isPromisedScope({ evidence }, scope)).toBe(same);
  });
});
