import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delta } from '../../src/contracts/delta.ts';
import { applyDeltas, deltaHolds, nextVersion, routeOf } from '../../src/personas/apply-deltas.ts';
import type { PersonaFile } from '../../src/personas/read-persona.ts';
import { mustRead, shippedPersona } from './shipped-personas.ts';

const solver = shippedPersona('solver');

/** The solver with a comment in every odd place, and bullets and routes that it has earned. */
const commented = mustRead(
  'personas/solver.yaml',
  solver.text
    .replace('version: 1.0.0', 'version: 1.4.2 # moves with every change')
    .replace('tier: sub', 'tier: sub   # see millwright.yaml')
    .replace(
      '  domains: {}',
      '  domains:\n    # 33 wins\n    django/django: sonnet-4-5 # measured\n    # none yet',
    ),
);

/** Comments of a YAML text in their order, found without a YAML parser. None of the texts has a "#" in a scalar. */
function comments({ text }: PersonaFile): string[] {
  return text.split('\n').flatMap((line) => /(?:^|\s)#.*$/.exec(line)?.[0].trim() ?? []);
}

const oneOfEach: Delta[] = [
  { op: 'set_route', domain: null, model: 'gpt-5' },
  { op: 'set_route', domain: 'sympy/sympy', model: 'gpt-5' },
  { op: 'set_route', domain: 'django/django', model: 'gpt-5' },
  {
    op: 'add_bullet',
    id: 'solver-new',
    section: 'Before finishing',
    text: 'Say what was not tested.',
    evidence: ['r1'],
  },
  {
    op: 'update_bullet',
    id: 'solver-affected-tests',
    text: 'Run the tests that reach the module: all of them.',
  },
  { op: 'remove_bullet', id: 'solver-tests-are-given', why: 'The runner mounts them read-only now.' },
  { op: 'set_field', field: 'role', value: 'Fixes one issue: no more, no less.' },
  { op: 'set_field', field: 'tier', value: 'brain' },
  { op: 'set_field', field: 'identity.summary', value: 'First line.\n\nSecond paragraph.' },
  { op: 'set_field', field: 'identity.mission', value: 'Make it right.' },
];

describe('applying a delta', () => {
  test('has a sample of every operation and every field.', () => {
    expect(comments(commented).length).toBeGreaterThan(10);
    expect(new Set(oneOfEach.map(({ op }) => op)).size).toBe(5);
  });

  test.each(
    oneOfEach.map((change) => [`${change.op} ${JSON.stringify(change).slice(8, 60)}`, change] as const),
  )('keeps every comment, moves the version and makes the delta hold: %s', (_name, change) => {
    expect(deltaHolds(commented.persona, change)).toBe(false);
    const after = applyDeltas(commented, [change]);
    expect(deltaHolds(after.persona, change)).toBe(true);
    expect(after.persona.version).toBe('1.5.0');
    expect(comments(after)).toEqual(comments(commented));
    expect(after.path).toBe(commented.path);
  });

  test.each(oneOfEach.map((change) => [change.op, change] as const))(
    'leaves every line alone that it does not have to touch: %s',
    (_op, change) => {
      const after = applyDeltas(commented, [change]);
      const before = new Set(commented.text.split('\n'));
      const fresh = after.text.split('\n').filter((line) => !before.has(line));
      // The version, and at most a whole bullet of seven fields with a folded text.
      expect(fresh.length).toBeLessThanOrEqual(10);
      expect(fresh).toContain('version: 1.5.0 # moves with every change');
    },
  );

  test('starts a new bullet with no votes, in the version that brings it.', () => {
    const [, , , add] = oneOfEach;
    const after = applyDeltas(commented, add === undefined ? [] : [add]);
    expect(after.persona.playbook.at(-1)).toEqual({
      id: 'solver-new',
      section: 'Before finishing',
      text: 'Say what was not tested.',
      helpful: 0,
      harmful: 0,
      added_in: '1.5.0',
      evidence: ['r1'],
    });
  });

  test('moves the version once for three deltas.', () => {
    const after = applyDeltas(commented, oneOfEach.slice(0, 3));
    expect(after.persona.version).toBe('1.5.0');
    expect(after.persona.routing).toEqual({
      default: 'gpt-5',
      domains: { 'django/django': 'gpt-5', 'sympy/sympy': 'gpt-5' },
    });
  });

  test('changes what is meant, and no other data.', () => {
    const { persona } = applyDeltas(solver, [{ op: 'set_route', domain: 'a/b', model: 'm' }]);
    expect(persona).toEqual({
      ...solver.persona,
      version: '1.1.0',
      routing: { default: 'gpt-5-mini', domains: { 'a/b': 'm' } },
    });
  });
});

describe('a delta that cannot be applied', () => {
  const add = (id: string): Delta => ({ op: 'add_bullet', id, section: 'S', text: 'T', evidence: [] });
  test.each<[string, Delta[], string]>([
    [
      'removes a bullet that is not there',
      [{ op: 'remove_bullet', id: 'nowhere', why: 'w' }],
      'no bullet "nowhere"',
    ],
    [
      'updates a bullet that is not there',
      [{ op: 'update_bullet', id: 'nowhere', text: 't' }],
      'no bullet "nowhere"',
    ],
    [
      'adds a bullet that is there',
      [add('solver-narrow-diff')],
      'bullet "solver-narrow-diff" is there already',
    ],
    ['adds one bullet twice', [add('a-b'), add('a-b')], 'bullet "a-b" is there already'],
    [
      'removes a bullet that an earlier one removed',
      [
        { op: 'remove_bullet', id: 'solver-narrow-diff', why: 'w' },
        { op: 'remove_bullet', id: 'solver-narrow-diff', why: 'w' },
      ],
      'no bullet "solver-narrow-diff"',
    ],
    [
      'is undone by a later one of the same patch',
      [
        { op: 'set_route', domain: 'a/b', model: 'one' },
        { op: 'set_route', domain: 'a/b', model: 'two' },
      ],
      '"route a/b to one" would not hold afterwards',
    ],
    [
      'names a domain that no YAML reader keeps',
      [{ op: 'set_route', domain: '__proto__', model: 'm' }],
      '"route __proto__ to m" would not hold afterwards',
    ],
  ])('says so when it %s.', (_what, deltas, words) => {
    expect(() => applyDeltas(solver, deltas)).toThrow(
      expect.objectContaining({
        code: 'delta-does-not-apply',
        message: expect.stringContaining(words),
        data: { persona: 'solver', version: '1.0.0' },
      }),
    );
  });

  test('breaks the schema with a tier that does not exist: the error names the line.', () => {
    const change: Delta = { op: 'set_field', field: 'tier', value: 'huge' };
    expect(() => applyDeltas(solver, [change])).toThrow(
      expect.objectContaining({
        code: 'bad-persona',
        message: expect.stringMatching(/^personas\/solver\.yaml:\d+: tier: expected/),
      }),
    );
  });

  test('leaves a file alone that uses YAML beyond editing, and says so.', () => {
    const anchored = mustRead(
      'personas/solver.yaml',
      solver.text.replace('version: 1.0.0', 'version: &v 1.0.0').replace('added_in: 1.0.0', 'added_in: *v'),
    );
    expect(() => applyDeltas(anchored, [{ op: 'set_route', domain: 'a/b', model: 'm' }])).toThrow(
      expect.objectContaining({ code: 'yaml-edit-failed' }),
    );
  });
});

describe('a route', () => {
  const at = (domains: Record<string, string>) => ({
    ...solver.persona,
    routing: { default: 'the-default', domains },
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', ''])(
    'of the domain %j is the default unless the persona says otherwise.',
    (domain) => {
      expect(routeOf(at({}), domain)).toBe('the-default');
      expect(deltaHolds(at({}), { op: 'set_route', domain, model: 'other' })).toBe(false);
      expect(
        routeOf(at({ constructor: 'own', toString: 'own', hasOwnProperty: 'own', valueOf: 'own' }), domain),
      ).toBe(['__proto__', ''].includes(domain) ? 'the-default' : 'own');
    },
  );

  test('of no domain is the default.', () => {
    expect(routeOf(at({ null: 'own' }), null)).toBe('the-default');
    expect(routeOf(at({ null: 'own' }), 'null')).toBe('own');
  });

  test('can be set for any domain and any model that a contract may name.', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((text) => text.trim());
    fc.assert(
      fc.property(
        name.filter((text) => text !== ''),
        name.filter((text) => text !== ''),
        (domain, model) => {
          fc.pre(domain !== '__proto__');
          const after = applyDeltas(solver, [{ op: 'set_route', domain, model }]);
          expect(after.persona.routing.domains).toEqual({ [domain]: model });
          expect(comments(solver).every((comment) => after.text.includes(comment))).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test.each([
  ['1.0.0', '1.1.0'],
  ['1.9.7', '1.10.0'],
  ['0.0.1', '0.1.0'],
  ['12.34.56', '12.35.0'],
])('the version after %s is %s.', (before, after) => {
  expect(nextVersion(before)).toBe(after);
});
