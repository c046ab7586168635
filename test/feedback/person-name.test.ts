import { expect, test } from 'vitest';
import { personName } from '../../src/feedback/person-name.ts';

test.each([
  ['Grace Hopper <grace@example.org>', 'Grace Hopper'],
  ['grace', 'grace'],
  ['grace@example.org <grace@example.org>', 'grace'],
  [' <grace@example.org>', 'a person'],
  ['stale[bot]', 'stale[bot]'],
  ['a person, by fast-forward', 'a person, by fast-forward'],
  ['A <b> C', 'A <b> C'],
])('%j is told to others as %j.', (who, name) => {
  expect(personName(who)).toBe(name);
});
