import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseTasks } from '../../../src/feedback/gate/choose-tasks.ts';
import { splitOf } from '../../../src/feedback/gate/split-of.ts';
import { route, solver } from '../feedback-records.ts';
import { archive, archived, bullet } from './gate-cases.ts';

const { persona } = solver;
const ids = (tasks: readonly { readonly taskId: string }[]) => tasks.map(({ taskId }) => taskId);

describe('the split of tasks', () => {
  test('keeps 40 % from whoever drafts, for every persona another 40 %.', () => {
    const names = archive(10_000).map(({ taskId }) => taskId);
    const kept = names.filter((name) => splitOf('solver', name) === 'gate');
    expect(kept.length / names.length).toBeCloseTo(0.4, 1);
    const both = kept.filter((name) => splitOf('backend', name) === 'gate');
    expect(both.length / kept.length).toBeCloseTo(0.4, 1);
  });

  test('is the same in every process.', () => {
    expect(['a', 'b', 'c', 'd', 'e'].map((task) => splitOf('solver', task))).toMatchInlineSnapshot(`
      [
        "reflect",
        "reflect",
        "reflect",
        "gate",
        "reflect",
      ]
    `);
  });
});

describe('the choice of tasks', () => {
  test('never takes a task of the other side, nor half of a piece of work.', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ n: fc.nat(40), variant: fc.nat(5) })), (picks) => {
        const tasks = picks.map(({ n, variant }) => archived(`t${n}-v${variant}`, { group: `t${n}` }));
        const gate = new Set(chooseTasks(persona, [bullet], tasks, 'gate').tasks.map(({ group }) => group));
        const reflect = chooseTasks(persona, [bullet], tasks, 'reflect').tasks;
        expect(reflect.filter(({ group }) => gate.has(group))).toEqual([]);
      }),
    );
  });

  test('takes one variant of each piece of work before the second of any.', () => {
    const tasks = archive(50).flatMap(({ taskId }) =>
      [1, 2].map((n) => archived(`${taskId}-v${n}`, { group: taskId })),
    );
    const groups = chooseTasks(persona, [bullet], tasks, 'gate').tasks.map(({ group }) => group);
    expect(new Set(groups.slice(0, groups.length / 2)).size).toBe(groups.length / 2);
  });

  test('depends on a hash alone, not on the order of the archive.', () => {
    const tasks = archive(100);
    const chosen = ids(chooseTasks(persona, [bullet], tasks, 'gate').tasks);
    expect(ids(chooseTasks(persona, [bullet], tasks.toReversed(), 'gate').tasks)).toEqual(chosen);
    expect(chosen).not.toEqual(chosen.toSorted());
  });

  test('tests a route where it shows: in its domain, or where no other route is.', () => {
    const routed = { ...persona, routing: { ...persona.routing, domains: { 'a/b': 'x' } } };
    const tasks = [
      ...archive(30, { domain: 'a/b' }),
      ...archive(30).map((task) => ({ ...task, taskId: `plain-${task.taskId}` })),
      ...archive(30, { domain: 'a/b', model: 'own' }).map((task) => ({
        ...task,
        taskId: `own-${task.taskId}`,
      })),
    ];
    const named = chooseTasks(routed, [route('a/b')], tasks, 'gate');
    expect([named.what, new Set(named.tasks.map(({ domain }) => domain))]).toEqual([
      'archived tasks in a/b',
      new Set(['a/b']),
    ]);
    expect(named.tasks.every(({ model }) => model === undefined)).toBe(true);
    const rest = chooseTasks(routed, [route(null)], tasks, 'gate');
    expect(rest.tasks.every(({ domain }) => domain === null)).toBe(true);
    expect(rest.what).toBe('archived tasks in domains without a route of their own');
  });
});
