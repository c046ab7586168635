import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delta } from '../../../src/contracts/delta.ts';
import { delta } from '../../../src/contracts/delta.ts';
import { MillwrightError } from '../../../src/contracts/millwright-error.ts';
import type { Persona } from '../../../src/contracts/persona.ts';
import { inverseDeltas } from '../../../src/feedback/effects/inverse-deltas.ts';
import { applyDeltas, routeOf } from '../../../src/personas/apply-deltas.ts';
import type { PersonaFile } from '../../../src/personas/read-persona.ts';
import { mustRead } from '../../personas/shipped-personas.ts';

const bullets = ['narrow-diff', 'run-first', 'say-what']
  .map(
    (id) =>
      `  - { id: ${id}, section: Start, text: Do ${id}., helpful: 2, harmful: 1, added_in: 1.0.0, evidence: [o-1] }\n`,
  )
  .join('');
/** Small, because a file is read again after each change. */
const before = mustRead(
  'personas/solver.yaml',
  `id: solver
name: Solver
version: 1.0.0
team: core
active: true
role: Mends what is broken.
tier: sub # for now
identity:
  summary: It mends.
  mission: >-
    Mend it without breaking
    anything else.
  strengths: [patience]
  limits: [time]
voice: { tone: [calm], do: [], avoid: [] }
frameworks: []
case_studies: []
playbook:
${bullets}routing:
  default: m-9
  domains:
    a/b: m-0
    c/d: m-1
`,
);
const why = 'It did harm: 3 of 10 runs were accepted with it.';
const ids = before.persona.playbook.map(({ id }) => id);

function inverse(deltas: readonly Delta[], now: PersonaFile = applyDeltas(before, deltas)) {
  const back = inverseDeltas(deltas, before.persona, now.persona, why);
  return 'problem' in back ? back.problem : back.deltas;
}

/** What a persona does, whatever the order of its bullets and the way its routes are written. */
function meaning({ version: _version, playbook, routing, ...rest }: Persona) {
  const bullets = playbook.map(({ id, section, text, evidence }) => ({ id, section, text, evidence }));
  const domains = ['a/b', 'c/d', 'e/f', 'unheard of'];
  return {
    ...rest,
    bullets: bullets.sort((a, b) => (a.id < b.id ? -1 : 1)),
    routes: domains.map((domain) => routeOf({ ...rest, version: '', playbook, routing } as Persona, domain)),
    default: routing.default,
  };
}

describe('a change is taken back by', () => {
  const model = before.persona.routing.default;
  const [first] = before.persona.playbook;
  const text = first?.text ?? '';
  test.each<[string, Delta, Delta]>([
    [
      'a route that was there',
      { op: 'set_route', domain: 'a/b', model: 'x' },
      { op: 'set_route', domain: 'a/b', model: 'm-0' },
    ],
    [
      'a route that was not',
      { op: 'set_route', domain: 'e/f', model: 'x' },
      { op: 'unset_route', domain: 'e/f' },
    ],
    ['the default', { op: 'set_route', domain: null, model: 'x' }, { op: 'set_route', domain: null, model }],
    [
      'a route that went',
      { op: 'unset_route', domain: 'c/d' },
      { op: 'set_route', domain: 'c/d', model: 'm-1' },
    ],
    [
      'a bullet that came',
      { op: 'add_bullet', id: 'new-one', section: 'S', text: 'T.', evidence: [] },
      { op: 'remove_bullet', id: 'new-one', why },
    ],
    [
      'a bullet that was said anew',
      { op: 'update_bullet', id: ids[0] ?? '', text: 'T.' },
      { op: 'update_bullet', id: ids[0] ?? '', text },
    ],
    [
      'a bullet that went',
      { op: 'remove_bullet', id: ids[0] ?? '', why: 'x' },
      {
        op: 'add_bullet',
        id: ids[0] ?? '',
        section: first?.section ?? '',
        text,
        evidence: first?.evidence ?? [],
      },
    ],
    [
      'a field',
      { op: 'set_field', field: 'tier', value: 'brain' },
      { op: 'set_field', field: 'tier', value: 'sub' },
    ],
    [
      'a part of the identity',
      { op: 'set_field', field: 'identity.mission', value: 'Win.' },
      { op: 'set_field', field: 'identity.mission', value: before.persona.identity.mission },
    ],
  ])('its opposite: %s.', (_what, change, back) => {
    expect(inverse([change])).toEqual([back]);
    expect(delta.safeParse(back).success).toBe(true);
  });

  test('nothing where it changed nothing, or is gone already.', () => {
    expect(inverse([{ op: 'set_route', domain: 'a/b', model: 'm-0' }])).toEqual([]);
    expect(inverse([{ op: 'set_route', domain: 'e/f', model: 'x' }], before)).toEqual([]);
    expect(inverse([{ op: 'remove_bullet', id: ids[0] ?? '', why: 'x' }], before)).toEqual([]);
  });

  test('nothing at all where a person has gone on from it.', () => {
    const change: Delta = { op: 'set_route', domain: 'a/b', model: 'x' };
    const byHand: Delta = { op: 'set_route', domain: 'a/b', model: 'by hand' };
    const now = applyDeltas(applyDeltas(before, [change]), [byHand]);
    expect(inverse([change], now)).toBe('"route a/b to x" no longer is as the patch made it');
    const both: Delta[] = [change, { op: 'set_field', field: 'tier', value: 'brain' }];
    expect(inverse(both, applyDeltas(now, both.slice(1)))).toContain('no longer is as the patch made it');
  });

  test('the default and the routes that it would hide.', () => {
    const change: Delta[] = [
      { op: 'unset_route', domain: 'a/b' },
      { op: 'set_route', domain: null, model: 'm-0' },
    ];
    expect(inverse(change)).toEqual([
      { op: 'set_route', domain: null, model },
      { op: 'set_route', domain: 'a/b', model: 'm-0' },
    ]);
  });
});

const change: fc.Arbitrary<Delta> = fc.oneof(
  fc.record({
    op: fc.constant('set_route' as const),
    domain: fc.constantFrom(null, 'a/b', 'c/d', 'e/f'),
    model: fc.constantFrom('m-0', 'm-1', 'm-2', before.persona.routing.default),
  }),
  fc.record({ op: fc.constant('unset_route' as const), domain: fc.constantFrom('a/b', 'c/d', 'e/f') }),
  fc.record({
    op: fc.constant('add_bullet' as const),
    id: fc.constantFrom('n-1', 'n-2', ...ids.slice(0, 2)),
    section: fc.constant('Before finishing'),
    text: fc.constantFrom('Say it.', 'Two lines:\n\n- of "text"'),
    evidence: fc.constantFrom<string[]>([], ['o-1']),
  }),
  fc.record({
    op: fc.constant('update_bullet' as const),
    id: fc.constantFrom(...ids.slice(0, 3)),
    text: fc.constantFrom('Say it.', '# no comment'),
  }),
  fc.record({
    op: fc.constant('remove_bullet' as const),
    id: fc.constantFrom(...ids.slice(0, 3)),
    why: fc.constant('x'),
  }),
  fc.record({
    op: fc.constant('set_field' as const),
    field: fc.constantFrom('role' as const, 'identity.summary' as const, 'identity.mission' as const),
    value: fc.constantFrom('One thing.', 'Another: "thing".'),
  }),
);

test('the way back, applied after the patch, restores the persona but for votes and version.', () => {
  let restored = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(change, { minLength: 1, maxLength: 3, selector: (one) => JSON.stringify(one) }),
      (deltas) => {
        const now = tryApply(deltas);
        if (now === undefined) return;
        const back = inverse(deltas, now);
        if (typeof back === 'string') throw new Error(back);
        const after = back.length === 0 ? now : applyDeltas(now, back);
        expect(meaning(after.persona)).toEqual(meaning(before.persona));
        expect(back.length).toBeLessThanOrEqual(3);
        restored += 1;
      },
    ),
    { numRuns: 80 },
  );
  expect(restored).toBeGreaterThan(25);
});

/** Most lists of changes fit; one that retires a bullet twice, say, does not. */
function tryApply(deltas: readonly Delta[]): PersonaFile | undefined {
  try {
    return applyDeltas(before, deltas);
  } catch (error) {
    if (error instanceof MillwrightError) return undefined;
    throw error;
  }
}
