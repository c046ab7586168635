import { expect, test } from 'vitest';
import { whyStuck } from '../../src/feedback/why-stuck.ts';
import { readPersona } from '../../src/personas/read-persona.ts';

test('A stuck proposal says what is wrong with the file that it changes.', () => {
  const path = 'personas/solver.yaml';
  const patch = { persona_id: 'solver' };
  expect(whyStuck([], patch)).toBe(`the base branch has no ${path}`);
  expect(whyStuck([readPersona(path, 'id: [\n')], patch)).toMatch(/^personas\/solver\.yaml:\d+/);
  expect(whyStuck([readPersona('personas/other.yaml', 'id: [\n')], patch)).toContain('has no');
});
