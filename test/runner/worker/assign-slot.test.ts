import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WorkSlot } from '../../../src/contracts/work.ts';
import { armOfRun } from '../../../src/feedback/effects/arm-of-run.ts';
import { applyDeltas } from '../../../src/personas/apply-deltas.ts';
import { renderPersona } from '../../../src/personas/render-persona.ts';
import { heldFrom } from '../../../src/queue/held.ts';
import { assignSlot } from '../../../src/runner/worker/assign-slot.ts';
import { type EffectsShop, effectsShop, mergedShop } from '../../feedback/effects/effects-shop.ts';
import { shippedPersona } from '../../personas/shipped-personas.ts';
import { sampleClaim, sampleSlot } from '../../queue/sample-work.ts';

const solver = shippedPersona('solver');
const slotFor = (id: string, more: Partial<WorkSlot> = {}) =>
  sampleSlot(id, { persona: 'solver', domain: 'a/b', ...more });
const assign = (shop: EffectsShop, slot: WorkSlot) =>
  shop.run(({ workspace }) => assignSlot(workspace, heldFrom(slot, sampleClaim(), '', 0)));

const replay = { patch_id: 'patch-9', task_id: 't-1', stage: 'gate' as const, attempt: 1 };
const change = { op: 'set_route' as const, domain: 'a/b', model: 'haiku' };

describe('a slot without a patch that is measured', () => {
  let shop: EffectsShop;
  beforeAll(async () => {
    shop = await effectsShop();
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  test('gets the persona of the base branch: its version, its words, its route.', async () => {
    const { assignment, personaVersion, model } = await assign(shop, slotFor('a-1'));
    expect(personaVersion).toBe('1.0.0');
    expect(model).toBe(solver.persona.routing.default);
    expect(assignment.persona).toBe(renderPersona(solver.persona));
    expect(assignment.env.MILLWRIGHT_MODEL).toBe(model);
    expect((await assign(shop, slotFor('a-1', { model: 'mine' }))).model).toBe('mine');
  });

  test('that replays the patched side gets the persona as the patch would have it.', async () => {
    const slot = slotFor('a-2', { replay: { ...replay, arm: 'new', deltas: [change] } });
    const { assignment, personaVersion, model } = await assign(shop, slot);
    expect([personaVersion, model]).toEqual(['1.1.0', 'haiku']);
    expect(assignment.persona).toBe(renderPersona(applyDeltas(solver, [change]).persona));
  });

  test('that replays the old side gets it as it is, with its own version.', async () => {
    const slot = slotFor('a-3', { replay: { ...replay, arm: 'old', deltas: [] } });
    const { personaVersion, model } = await assign(shop, slot);
    expect([personaVersion, model]).toEqual(['1.0.0', solver.persona.routing.default]);
  });

  test('is told what is wrong when the persona is missing, or the patch no longer fits.', async () => {
    await expect(assign(shop, slotFor('a-4', { persona: 'nobody' }))).rejects.toMatchObject({
      code: 'unknown-persona',
    });
    const gone = { op: 'update_bullet' as const, id: 'gone', text: 'x' };
    await expect(
      assign(shop, slotFor('a-5', { replay: { ...replay, arm: 'new', deltas: [gone] } })),
    ).rejects.toMatchObject({ code: 'delta-does-not-apply' });
  });
});

describe('a slot while a patch is measured', () => {
  let shop: EffectsShop;
  let patch: string;
  let start: string;
  beforeAll(async () => {
    shop = await mergedShop();
    patch = (await shop.patches())[0]?.id ?? '';
    start = await shop.folder.git('rev-parse', 'HEAD');
  });
  afterAll(() => shop[Symbol.asyncDispose]());
  beforeEach(() => shop.folder.git('reset', '-q', '--hard', start));

  /** A slot of each arm, found as anybody can find it. */
  const slotOf = (arm: string) => {
    const ids = Array.from({ length: 20 }, (_, n) => `a-${n}`);
    return ids.find((id) => armOfRun(patch, id) === arm) ?? '';
  };

  test('gets one of the two versions, with its own route, and the same at every attempt.', async () => {
    const [old, fresh] = [slotFor(slotOf('control')), slotFor(slotOf('treatment'))];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await assign(shop, old)).toMatchObject({
        personaVersion: '1.0.0',
        model: solver.persona.routing.default,
      });
      expect(await assign(shop, fresh)).toMatchObject({ personaVersion: '1.1.0', model: 'gpt-5' });
    }
    await shop.folder.git('commit', '-q', '--allow-empty', '-m', 'Other work');
    expect(await assign(shop, old)).toMatchObject({ personaVersion: '1.0.0' });
  });

  test('that replays is not split: it says itself which side it is on.', async () => {
    const slot = slotFor(slotOf('control'), { replay: { ...replay, arm: 'old', deltas: [] } });
    expect(await assign(shop, slot)).toMatchObject({ personaVersion: '1.1.0', model: 'gpt-5' });
  });
});
