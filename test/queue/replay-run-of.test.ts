import { describe, expect, test } from 'vitest';
import { replayRun } from '../../src/contracts/patch-test.ts';
import type { Replay } from '../../src/contracts/work.ts';
import { planFold } from '../../src/queue/fold-plan.ts';
import { replayRunOf } from '../../src/queue/replay-run-of.ts';
import { sampleClaim, sampleItem, sampleSlot, startOfTime } from './sample-work.ts';

const replay: Replay = {
  patch_id: 'p-1',
  task_id: 'task-1',
  stage: 'gate',
  arm: 'new',
  attempt: 1,
  deltas: [],
};
const slot = sampleSlot('a-1', { replay, persona: 'solver' });
const result = {
  smoke_test_pass: true,
  files_pushed: [],
  persona_version: '1.1.0',
  model: 'm',
  cost_usd: 0.2,
  tokens: 7,
};

/** What a fold makes of one claim of this slot. */
function folded(claim = sampleClaim(), of = slot) {
  const item = sampleItem([of]);
  const work = { items: new Map([['a', item]]), slots: new Map([['a-1', of]]), dead: new Map(), bad: [] };
  const held = sampleClaim();
  const steps = [held, claim].map((one, at) => ({ commit: String(at), claim: one }));
  const ended = new Map([['a-1', steps]]);
  return planFold(work, { ended, withdrawn: new Map(), at: startOfTime });
}

describe('what becomes of a replay', () => {
  test('is a run of its patch, with what the worker said of it.', () => {
    const record = replayRunOf(slot, replay, sampleClaim({ state: 'shipped', result }));
    expect(record?.kind).toBe(replayRun);
    expect(record?.fields).toMatchObject({
      patch_id: 'p-1',
      persona_id: 'solver',
      persona_version: '1.1.0',
      task_id: 'task-1',
      stage: 'gate',
      arm: 'new',
      attempt: 1,
      outcome: 'accepted',
      model: 'm',
      cost_usd: 0.2,
      slot_id: 'a-1',
      extra: { slot_id: 'a-1', token: 1 },
    });
  });

  test('is never an outcome, and the item ends with it.', () => {
    const plan = folded(
      sampleClaim({ state: 'failed', result: { ...result, smoke_test_pass: false, reason: 'no' } }),
    );
    const kinds = plan.contracts.map(({ kind }) => kind.name);
    expect(kinds.filter((name) => name !== 'slot_event')).toEqual(['replay_run', 'item_event']);
    expect(plan.contracts.find(({ kind }) => kind === replayRun)?.fields).toMatchObject({
      outcome: 'failed',
      reason: 'no',
    });
    expect(plan.edits).toEqual([{ remove: 'queue/slots/a-1.json' }, { remove: 'queue/items/a.yaml' }]);
  });

  test('is an error when it died: no letter for a person, and nothing waits.', () => {
    const plan = folded(sampleClaim({ state: 'dead', attempts: 2, reason: '2 attempts failed' }));
    const said = plan.contracts.map(({ kind, fields }) => [kind.name, fields.event ?? fields.outcome]);
    expect(said).toEqual([
      ['slot_event', 'claimed'],
      ['slot_event', 'dead'],
      ['replay_run', 'error'],
      ['slot_event', 'cancelled'],
      ['item_event', 'complete'],
    ]);
    expect(plan.edits.some((edit) => 'put' in edit)).toBe(false);
  });

  test('is nothing at all when it was cancelled.', () => {
    expect(replayRunOf(slot, replay, sampleClaim({ state: 'cancelled' }))).toBeUndefined();
  });

  test('leaves other work as it was: a dead slot waits for a person.', () => {
    const plan = folded(sampleClaim({ state: 'dead', attempts: 3 }), sampleSlot('a-1'));
    expect(plan.contracts.some(({ kind }) => kind.name === 'outcome')).toBe(true);
    expect(plan.edits.some((edit) => 'put' in edit && edit.put === 'queue/dead/a-1.json')).toBe(true);
  });
});
