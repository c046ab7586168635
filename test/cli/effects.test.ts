import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Io } from '../../src/cli/command.ts';
import { effects } from '../../src/cli/effects.ts';
import type { EffectRow, EffectsReport } from '../../src/feedback/effects/list-effects.ts';
import { type EffectsShop, effectsShop, harmful, mergedShop } from '../feedback/effects/effects-shop.ts';

let shop: EffectsShop;
beforeAll(async () => {
  shop = await mergedShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

/** Runs the command itself, as the program does with its options. */
async function run(
  options: Readonly<Record<string, unknown>>,
  json: boolean,
  folder = shop.folder.dir,
): Promise<string> {
  let out = '';
  const { signal } = new AbortController();
  const io: Io = {
    cwd: folder,
    env: {},
    json,
    color: false,
    signal,
    insist: signal,
    terminal: false,
    width: undefined,
    out: (text) => {
      out += text;
    },
    pipe: async () => undefined,
    err: () => undefined,
  };
  expect(await effects.run?.({ args: [], options, folder }, io)).toBe(0);
  return out;
}

const report = async () => JSON.parse(await run({}, true)) as EffectsReport;

test('effects tells a workspace without merged patches where to look.', async () => {
  await using empty = await effectsShop();
  expect(await run({}, false, empty.folder.dir)).toContain('no patch was merged yet');
});

test('effects shows a patch under way, then what it comes to, then what was recorded; it records nothing itself.', async () => {
  const [fresh] = (await report()).patches;
  expect(fresh).toMatchObject({
    persona_id: 'solver',
    control_version: '1.0.0',
    treatment_version: '1.1.0',
    changes: 'route a/b to gpt-5',
    scope: { runs: 'only', domains: ['a/b'] },
    runs_counted: 'in a/b',
    state: 'measuring',
    method: null,
    difference: null,
    decided_at: null,
    revert: null,
  });
  expect(await run({}, false)).toMatch(
    /solver +1\.0\.0 to 1\.1\.0 +nothing +nothing yet +0 \+ 0 in a\/b +1\.0 +1\.0 +measuring\n/,
  );

  await shop.work(120, harmful);
  const tip = await shop.ledgerTip();
  expect(await run({}, false)).toMatch(
    /-\d+\.\d \(-\d+\.\d to -\d+\.\d\) +\d+ \+ \d+ in a\/b +\d+\.\d +0\.\d +roll back \(by the next pass\)\n/,
  );
  expect(await shop.ledgerTip()).toBe(tip);

  await shop.measure();
  const { patches, calibration } = await report();
  expect(patches).toHaveLength(1);
  expect(patches[0]).toMatchObject({ state: 'roll_back', revert: { status: 'proposed' } });
  expect(patches[0]?.decided_at).not.toBeNull();
  // The patch came from a person's recommendation, without a promise.
  expect(calibration).toEqual({ n: 0, slope: null, mean_absolute_error: null });
  const words = await run({}, false);
  expect(words).toContain('roll back, revert proposed');
  expect(words).toContain(
    '\nmeasured differences of decided patches exaggerate: counting stops at the pair that decides\n',
  );
  expect(words).toContain('calibration: no patch with a promise was measured to an end yet');
});

test('effects --patch shows one in detail, by the end of its id, and names the others when there is none.', async () => {
  const id = (await report()).patches[0]?.patch_id ?? '';
  const words = await run({ patch: id.slice(-6) }, false);
  expect(words).toContain('solver 1.0.0 to 1.1.0: route a/b to gpt-5');
  expect(words).toContain('\ncounted    runs in a/b, which it routes differently\n');
  expect(words).toMatch(/\nold +\d+ of \d+ runs accepted\nnew +\d+ of \d+ runs accepted\n/);
  expect((JSON.parse(await run({ patch: id }, true)) as EffectRow).patch_id).toBe(id);
  await expect(run({ patch: 'nothing' }, true)).rejects.toMatchObject({
    code: 'no-merged-patch',
    hint: `there are ${id}`,
  });
});
