import { describe, expect, test } from 'vitest';
import type { PatchDecision } from '../../../src/contracts/patch.ts';
import { type Arm, armOfRun } from '../../../src/feedback/effects/arm-of-run.ts';
import { effectsController } from '../../../src/feedback/effects/effects-controller.ts';
import { recommendationStatuses } from '../../../src/feedback/recommendation-status.ts';
import { deltaHolds } from '../../../src/personas/apply-deltas.ts';
import { routeTo } from '../../forge/workshop.ts';
import { mustRead } from '../../personas/shipped-personas.ts';
import {
  type EffectsShop,
  effectsShop,
  harmful,
  helpful,
  mergedShop,
  mergeOnly,
  solverPath,
} from './effects-shop.ts';

const versionsOf = (assigned: Awaited<ReturnType<EffectsShop['assign']>>) =>
  new Set(assigned.map(({ arm, file }) => `${arm} ${file.persona.version}`));

/** Slots whose runs are drawn for this version. */
function slotsOf(patchId: string, arm: Arm, count: number): string[] {
  const slots = Array.from({ length: 10 * count }, (_, n) => `s-${n}`);
  return slots.filter((slot) => armOfRun(patchId, slot) === arm).slice(0, count);
}

describe('a merged patch that does harm', () => {
  test('is split, measured, taken back by a proposal in one pass, and never offered again.', async () => {
    await using shop = await mergedShop();
    const assigned = await shop.work(120, harmful);
    expect(versionsOf(assigned)).toEqual(new Set(['control 1.0.0', 'treatment 1.1.0']));
    const treated = assigned.filter(({ arm }) => arm === 'treatment').length;
    expect(treated).toBeGreaterThan(40);
    expect(treated).toBeLessThan(80);

    const report = await shop.measure();
    expect(report.failures).toEqual([]);
    const [first] = await shop.patches();
    const [decision, ...more] = await shop.decisions();
    expect(more).toEqual([]);
    expect(decision).toMatchObject({
      patch_id: first?.id,
      decision: 'roll_back',
      method: 'concurrent',
      control_version: '1.0.0',
      treatment_version: '1.1.0',
      control_runs: 120 - treated,
      treatment_runs: treated,
      predicted_difference: null,
    });
    expect(decision?.evidence_harm).toBeGreaterThanOrEqual(20);
    expect(decision?.difference_high).toBeLessThan(0);
    expect(decision?.reason).toMatch(/^1\.1\.0 does harm: \d+ of \d+ runs accepted under 1\.1\.0 \(/);
    const [, revert] = await shop.patches();
    expect(revert).toMatchObject({
      reverts: first?.id,
      from_version: '1.1.0',
      to_version: '1.2.0',
      deltas: [{ op: 'unset_route', domain: 'a/b' }],
      recommendation_ids: [],
      source: 'effects',
    });
    expect(revert?.evidence.map(({ arms }) => arms)).toEqual([
      [expect.objectContaining({ arm: '1.1.0', n: treated })],
      [expect.objectContaining({ arm: '1.0.0', n: 120 - treated })],
    ]);
    expect(report.proposals).toEqual([expect.objectContaining({ result: 'opened' })]);

    expect((await shop.measure()).changed).toBe(false);
    expect(versionsOf(await shop.assign(['x-1', 'x-2', 'x-3', 'x-4', 'x-5']))).toEqual(
      new Set(['control 1.0.0']),
    );
    await mergeOnly(shop);
    await shop.measure();
    const state = await shop.state();
    expect(state.decisions.get(revert?.id ?? '')?.decision).toBe('applied');
    expect(recommendationStatuses(state).get('route-a')).toBe('rejected');
    expect(await shop.decisions()).toHaveLength(1);
    expect(versionsOf(await shop.assign(['x-1', 'x-2']))).toEqual(new Set(['only 1.2.0']));
    // The same change, asked for anew with other evidence, is known to do harm.
    await shop.drop('recommendation', 'again', routeTo('a/b', 'gpt-5', { priority: 'critical' }));
    await shop.measure();
    expect(await shop.patches()).toHaveLength(2);
    expect((await shop.measure()).changed).toBe(false);
  });

  test('stays when a person refuses to take it back, and everybody gets it from then on.', async () => {
    await using shop = await mergedShop();
    await shop.work(120, harmful);
    await shop.measure();
    const [branch = ''] = await shop.branches();
    await shop.folder.git('branch', '-D', branch);
    await shop.measure();
    const decided = await shop.records<PatchDecision>('patch_decision');
    expect(decided.map(({ decision }) => decision)).toEqual(['applied', 'rejected']);
    expect(versionsOf(await shop.assign(['x-1', 'x-2', 'x-3']))).toEqual(new Set(['only 1.1.0']));
    expect(recommendationStatuses(await shop.state()).get('route-a')).toBe('applied');
    expect((await shop.measure()).changed).toBe(false);
    expect(await shop.patches()).toHaveLength(2);
  });

  test('is decided once by two runners at the same time, with one way back.', async () => {
    await using shop = await mergedShop();
    await shop.work(120, harmful);
    await shop.run(async (mine) => {
      await shop.run(async (theirs) => {
        const [here] = await effectsController.plan(mine);
        const [there] = await effectsController.plan(theirs);
        const done = await Promise.all([here?.apply(), there?.apply()]);
        expect(done.filter((report) => report?.changed)).toHaveLength(1);
      });
    });
    expect(await shop.decisions()).toHaveLength(1);
    expect(await shop.patches()).toHaveLength(2);
  });

  test('is taken back just so where the history has a branch of its own and the truth is a remote.', async () => {
    await using shop = await mergedShop({ remote: true, settings: 'ledger_branch: millwright/ledger\n' });
    await shop.work(120, harmful);
    expect((await shop.measure()).proposals).toEqual([expect.objectContaining({ result: 'opened' })]);
    expect((await shop.decisions()).map(({ decision }) => decision)).toEqual(['roll_back']);
    expect((await shop.measure()).changed).toBe(false);
  });

  test('takes a bullet back with its text, and says why with numbers.', async () => {
    const change = { op: 'update_bullet', id: 'solver-narrow-diff', text: 'Change whatever looks wrong.' };
    await using shop = await mergedShop({ deltas: [change] });
    const [first = ''] = (await shop.folder.git('log', '--reverse', '--format=%H', '--', solverPath)).split(
      '\n',
    );
    const before = mustRead(solverPath, await shop.folder.git('show', `${first}:${solverPath}`));
    await shop.work(120, harmful);
    await shop.measure();
    await mergeOnly(shop);
    await shop.measure();
    const after = mustRead(solverPath, await shop.folder.git('show', `main:${solverPath}`));
    expect(after.persona.playbook).toEqual(before.persona.playbook);
    expect(after.persona.version).toBe('1.2.0');
  });
});

describe('a merged patch', () => {
  test('that does good is promoted, and the split ends.', async () => {
    await using shop = await mergedShop();
    await shop.work(120, helpful);
    await shop.measure();
    expect(await shop.decisions()).toEqual([expect.objectContaining({ decision: 'promote' })]);
    expect(await shop.patches()).toHaveLength(1);
    expect(versionsOf(await shop.assign(['x-1', 'x-2', 'x-3', 'x-4']))).toEqual(new Set(['only 1.1.0']));
    expect((await shop.measure()).changed).toBe(false);
  });

  test('that changes nothing is inconclusive after the runs of the settings.', async () => {
    await using shop = await mergedShop({ settings: 'effects:\n  max_runs: 60\n' });
    await shop.work(59, (_version, n) => n % 4 !== 0);
    await shop.measure();
    expect(await shop.decisions()).toEqual([]);
    const [measured, ...more] = await shop.measurements();
    expect(more).toEqual([]);
    expect(measured).toMatchObject({ state: 'measuring', method: 'concurrent' });
    await shop.work(1, () => true);
    await shop.measure();
    expect(await shop.decisions()).toEqual([
      expect.objectContaining({
        decision: 'inconclusive',
        reason: expect.stringMatching(/^nothing is shown after 60 runs: /),
      }),
    ]);
  });

  test('that nobody works under is inconclusive after the days of the settings.', async () => {
    await using shop = await mergedShop({ settings: 'effects:\n  max_days: 7\n' });
    expect((await shop.measure()).changed).toBe(false);
    shop.advance(7.1 * 86_400_000);
    await shop.measure();
    expect(await shop.decisions()).toEqual([
      expect.objectContaining({
        decision: 'inconclusive',
        control_runs: 0,
        reason: 'nothing is shown after 7 days: no run under 1.1.0, no run under 1.0.0, in a/b',
      }),
    ]);
  });

  test('is not blamed for harder times that meet both versions.', async () => {
    await using shop = await mergedShop();
    await shop.work(40, (_version, n) => n % 10 !== 0);
    await shop.measure();
    await shop.work(100, (_version, n) => n % 10 < 4);
    await shop.measure();
    expect(await shop.decisions()).toEqual([]);
    expect((await shop.measurements()).map(({ state }) => state)).toEqual(['measuring', 'measuring']);
  });

  test('with few runs can only raise an alert, once, however bad it looks.', async () => {
    await using shop = await effectsShop();
    await shop.record(Array.from({ length: 60 }, () => ({ persona_version: '1.0.0' })));
    shop.advance(20 * 86_400_000);
    await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5'));
    await shop.measure();
    await mergeOnly(shop);
    await shop.measure();
    for (let week = 0; week < 3; week += 1) {
      await shop.work(14, () => false);
      shop.advance(10 * 86_400_000);
      await shop.measure();
    }
    expect(await shop.decisions()).toEqual([]);
    expect((await shop.measurements()).map(({ state, method }) => [state, method])).toContainEqual([
      'alert',
      'fixed_history',
    ]);
    expect(await shop.patches()).toHaveLength(1);
  });

  test('is not judged by faults of the infrastructure, nor twice by one slot.', async () => {
    await using shop = await mergedShop();
    const [id = ''] = (await shop.patches()).map(({ id }) => id);
    const four = slotsOf(id, 'treatment', 4);
    const slot = (n: number) => ({ extra: { slot_id: four[n % 4] } });
    await shop.record([
      ...Array.from({ length: 40 }, () => ({ persona_version: '1.1.0', outcome: 'error' })),
      ...Array.from({ length: 40 }, (_, n) => ({ persona_version: '1.1.0', outcome: 'failed', ...slot(n) })),
      ...Array.from({ length: 30 }, () => ({ persona_version: '1.0.0' })),
      { persona_version: '1.1.0', outcome: 'accepted', ...slot(0) },
    ]);
    shop.advance(60 * 86_400_000);
    await shop.measure();
    expect(await shop.decisions()).toEqual([
      expect.objectContaining({ treatment_runs: 4, treatment_accepted: 1, control_runs: 30 }),
    ]);
  });

  test('holds back further patches of its persona, and of no other.', async () => {
    await using shop = await mergedShop();
    await shop.drop('recommendation', 'next', routeTo('c/d', 'gpt-5'));
    await shop.drop('recommendation', 'other', routeTo('c/d', 'gpt-5', { target_persona: 'backend' }));
    await shop.measure();
    expect((await shop.patches()).map(({ persona_id: id }) => id)).toEqual(['solver', 'backend']);
    await shop.work(120, helpful);
    await shop.measure();
    const [, , third] = await shop.patches();
    expect(third).toMatchObject({ persona_id: 'solver', from_version: '1.1.0' });
    expect(
      deltaHolds(mustRead(solverPath, await shop.folder.read(solverPath)).persona, {
        op: 'set_route',
        domain: 'a/b',
        model: 'gpt-5',
      }),
    ).toBe(true);
  });
});
