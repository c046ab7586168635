import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../src/queue/outcome-of.ts';
import { sampleClaim, sampleSlot } from './sample-work.ts';

const result = { smoke_test_pass: true, files_pushed: [] };
const shipped = sampleClaim({ state: 'shipped', result });

describe('the outcome of a slot', () => {
  test('says that the smoke test passed only where there was one.', () => {
    const judged = outcomeOf(sampleSlot('a-1', { smoke: 'npm test' }), shipped)?.fields;
    expect(judged).toMatchObject({ outcome: 'accepted', smoke_test_pass: true });
    const unjudged = outcomeOf(sampleSlot('a-1'), shipped)?.fields;
    expect(unjudged?.outcome).toBe('accepted');
    expect(JSON.stringify(unjudged)).not.toContain('smoke_test_pass');
  });

  test('names the model that was used, never one that was merely asked for.', () => {
    const slot = sampleSlot('a-1', { model: 'asked-for' });
    expect(JSON.stringify(outcomeOf(slot, shipped))).not.toContain('asked-for');
    const used = sampleClaim({ state: 'shipped', result: { ...result, model: 'used' } });
    expect(outcomeOf(slot, used)?.fields).toMatchObject({ model: 'used' });
  });

  test('is none for a slot that was cancelled: nobody is to be judged by it.', () => {
    expect(outcomeOf(sampleSlot('a-1'), sampleClaim({ state: 'cancelled' }))).toBeUndefined();
  });
});
