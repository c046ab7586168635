import { describe, expect, test } from 'vitest';
import { recommendationStatuses } from '../../src/feedback/recommendation-status.ts';
import { decided, patched, recommended, route, solver, stateOf } from './feedback-records.ts';

type Facts = Parameters<typeof stateOf>[0];

const statuses = (facts: Facts) => Object.fromEntries(recommendationStatuses(stateOf(facts)));
const one = recommended('r-1', [route('a')]);
const carried = [patched('p-1', [route('a')], { recommendation_ids: ['r-1'] })];

describe('a recommendation', () => {
  test.each<[string, Facts]>([
    ['pending', { recommendations: [one] }],
    [
      'waiting',
      { recommendations: [recommended('r-1', undefined, { suggested_change: { text: 'Look.' } })] },
    ],
    ['waiting', { recommendations: [recommended('r-1', undefined)] }],
    ['no-persona', { recommendations: [recommended('r-1', [route('a')], { target_persona: 'nobody' })] }],
    ['no-persona', { recommendations: [one], roster: [] }],
    ['applied', { recommendations: [recommended('r-1', [route('a', solver.persona.routing.default)])] }],
    ['proposed', { recommendations: [one], patches: carried }],
    ['applied', { recommendations: [one], patches: carried, decisions: [decided('p-1', 'applied')] }],
    ['rejected', { recommendations: [one], patches: carried, decisions: [decided('p-1', 'rejected')] }],
    [
      'rejected',
      {
        recommendations: [one],
        patches: [patched('p-9', [route('a')])],
        decisions: [decided('p-9', 'rejected')],
      },
    ],
    [
      'pending',
      {
        recommendations: [one],
        patches: [patched('p-9', [route('a')], { persona_id: 'backend' })],
        decisions: [decided('p-9', 'rejected')],
      },
    ],
    ['pending', { recommendations: [one], patches: [patched('p-9', [route('a')])] }],
  ])('is %s where the facts say so.', (status, facts) => {
    expect(statuses(facts)).toEqual({ 'r-1': status });
  });

  test.each([
    ['drafted', 'explained'],
    ['nothing', 'explained'],
    ['failed', 'unexplained'],
  ] as const)('without deltas that a model has looked at (%s) is %s.', (state, status) => {
    const asked = recommended('r-1', undefined, { suggested_change: { text: 'Look.' } });
    const of = (facts: Facts) =>
      Object.fromEntries(recommendationStatuses(stateOf(facts), new Map([['r-1', { state }]])));
    expect(of({ recommendations: [asked] })).toEqual({ 'r-1': status });
    expect(of({ recommendations: [one] })).toEqual({ 'r-1': 'pending' });
    const newer = { ...asked, id: 'r-2', recorded_at: '2026-11-22T00:00:00.000Z' };
    expect(of({ recommendations: [asked, newer] })).toEqual({ 'r-1': 'superseded', 'r-2': 'waiting' });
  });

  test('that no person names at all waits for nobody: it has no persona.', () => {
    const { target_persona: _none, ...nobody } = one;
    expect(statuses({ recommendations: [nobody] })).toEqual({ 'r-1': 'no-persona' });
  });

  test('is superseded by a newer one about the same thing, and by nothing else.', () => {
    const recommendations = [
      recommended('r-1', [route('a', 'one')]),
      recommended('r-2', [route('a', 'two')]),
      recommended('r-3', [route('b', 'one')]),
      recommended('r-4', [route('a', 'one')], { target_persona: 'backend' }),
      recommended('r-5', [route('a', 'one')], { recommendation_type: 'persona' }),
      recommended('r-6', [{ op: 'set_field', field: 'role', value: 'a' }]),
    ];
    expect(statuses({ recommendations })).toEqual({
      'r-1': 'superseded',
      'r-2': 'pending',
      'r-3': 'pending',
      'r-4': 'pending',
      'r-5': 'pending',
      'r-6': 'pending',
    });
  });

  test('is newer by when it was seen, not by when it was recorded.', () => {
    const seen = (id: string, emitted_at: string) => recommended(id, [route('a', id)], { emitted_at });
    const recommendations = [
      seen('r-1', '2026-11-02T00:00:00.000Z'),
      seen('r-2', '2026-11-01T00:00:00.000Z'),
    ];
    expect(statuses({ recommendations })).toEqual({ 'r-1': 'pending', 'r-2': 'superseded' });
  });

  test('that was carried by a patch stays what became of it, however many newer ones there are.', () => {
    const facts = {
      recommendations: [one, recommended('r-2', [route('a', 'two')])],
      patches: carried,
      decisions: [decided('p-1', 'applied')],
    };
    expect(statuses(facts)).toEqual({ 'r-1': 'applied', 'r-2': 'pending' });
  });

  test('that came without deltas is superseded by one about the same group.', () => {
    const about = (id: string, arm: string) =>
      recommended(id, undefined, {
        recommendation_type: 'investigate',
        evidence: [
          {
            statement: id,
            record_ids: [],
            domain: 'a/b',
            arms: [{ arm, n: 1, accepted: 0, cost_usd: null }],
          },
        ],
      });
    const recommendations = [about('r-1', 'm'), about('r-2', 'm'), about('r-3', 'other')];
    expect(statuses({ recommendations })).toEqual({
      'r-1': 'superseded',
      'r-2': 'waiting',
      'r-3': 'waiting',
    });
  });
});
