import { describe, expect, test } from 'vitest';
import type { RecommendationEntry } from '../../../src/feedback/feedback-state.ts';
import { whyNotApart } from '../../../src/feedback/gate/why-not-apart.ts';
import { recommended, route, stateOf } from '../feedback-records.ts';

type Extra = NonNullable<RecommendationEntry['extra']>;

const found = (id: string, extra?: Extra): RecommendationEntry => ({
  ...recommended(id, [route('a/b')], extra === undefined ? {} : { extra }),
  source: 'sky-lynx',
});
const dropped = (id: string, extra?: Extra) => ({ ...found(id, extra), source: 'queue/inbox' });

/** Whether a patch that carries these is tested. */
function isTested(carried: readonly RecommendationEntry[], others: readonly RecommendationEntry[] = []) {
  const state = stateOf({ recommendations: [...others, ...carried] });
  return whyNotApart({ recommendation_ids: carried.map(({ id }) => id) }, state) === undefined;
}

describe('archived tasks say something of a patch', () => {
  test.each<[string, boolean, readonly RecommendationEntry[], (readonly RecommendationEntry[])?]>([
    ['a person recommended', true, [dropped('r-1')]],
    ['a person wrote without any recommendation', true, []],
    ['an analysis of the other side found', true, [found('r-1', { split: 'reflect' })]],
    ['an analysis of all outcomes found', false, [found('r-1')]],
    ['an analysis of all outcomes found in part', false, [dropped('r-1'), found('r-2')]],
    ['an analysis found on the tasks of the test', false, [found('r-1', { split: 'gate' })]],
    [
      'a model drafted for a finding of the other side',
      true,
      [found('r-2', { explains: 'r-1' })],
      [found('r-1', { split: 'reflect' })],
    ],
    [
      'a model drafted for a finding of all outcomes',
      false,
      [found('r-2', { explains: 'r-1' })],
      [found('r-1')],
    ],
    [
      'a model drafted for what a person noticed',
      true,
      [found('r-2', { explains: 'r-1' })],
      [dropped('r-1')],
    ],
    ['a model drafted for something that is gone', false, [found('r-2', { explains: 'r-1' })]],
    ['a draft that explains itself', false, [found('r-2', { explains: 'r-2' })]],
  ])('that %s: %s.', (_what, wanted, carried, others) => {
    expect(isTested(carried, others)).toBe(wanted);
  });

  test('but nothing of one whose recommendation cannot be read.', () => {
    expect(whyNotApart({ recommendation_ids: ['gone'] }, stateOf({}))).toContain('cannot be read');
  });
});
