import { describe, expect, test } from 'vitest';
import type { Delta } from '../../src/contracts/delta.ts';
import { applyDeltas } from '../../src/personas/apply-deltas.ts';
import { collapseProblem } from '../../src/personas/collapse-guard.ts';
import { mustRead, shippedPersona } from './shipped-personas.ts';

const solver = shippedPersona('solver');
const proven = mustRead('personas/solver.yaml', solver.text.replace('    helpful: 0', '    helpful: 3'));
const first = proven.persona.playbook[0];

function problemOf(file: typeof solver, deltas: readonly Delta[]): string | undefined {
  return collapseProblem(file, applyDeltas(file, deltas), deltas);
}

describe('the guard against a persona that is edited away', () => {
  test('lets a patch pass that adds, changes or removes a little.', () => {
    const bullets = solver.persona.playbook.slice(0, 3);
    expect(problemOf(solver, [{ op: 'set_route', domain: null, model: 'gpt-5' }])).toBeUndefined();
    expect(
      problemOf(
        solver,
        bullets.map(({ id }) => ({ op: 'remove_bullet', id, why: 'It misled.' })),
      ),
    ).toBeUndefined();
  });

  test('refuses a patch that shrinks the file by more than a quarter, and says by how much.', () => {
    const long = mustRead(
      'personas/solver.yaml',
      solver.text.replace(
        '    Solver gets an issue text',
        `    ${'many words '.repeat(500)}Solver gets an issue text`,
      ),
    );
    const change: Delta = { op: 'set_field', field: 'identity.summary', value: 'Solver solves.' };
    expect(problemOf(long, [change])).toMatch(
      /^it would shrink the persona by (?:3|4)\d percent; at most 25 are/,
    );
  });

  test.each([0.7501, 0.76, 1, 3])('lets a file pass that keeps %d of its length.', (share) => {
    const after = { ...solver, text: 'x'.repeat(Math.ceil(solver.text.length * share)) };
    expect(collapseProblem(solver, after, [])).toBeUndefined();
  });

  test.each([0.74, 0.5, 0])('refuses a file that keeps %d of its length.', (share) => {
    const after = { ...solver, text: 'x'.repeat(Math.floor(solver.text.length * share)) };
    expect(collapseProblem(solver, after, [])).toContain('it would shrink the persona');
  });

  test('wants a reason of more than a word for a bullet that has helped three times.', () => {
    const remove = (why: string): Delta[] => [{ op: 'remove_bullet', id: first?.id ?? '', why }];
    expect(problemOf(proven, remove('old'))).toBe(
      'bullet solver-repro-first has helped 3 times and the patch does not say why it should go',
    );
    expect(problemOf(proven, remove('the runner reproduces every report now'))).toBeUndefined();
    expect(problemOf(solver, remove('old'))).toBeUndefined();
  });
});
