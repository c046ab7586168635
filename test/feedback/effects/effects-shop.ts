import type { EffectDecision, EffectMeasurement } from '../../../src/contracts/effect.ts';
import { outcome } from '../../../src/contracts/outcome.ts';
import type { Patch } from '../../../src/contracts/patch.ts';
import type { Contract, Entry } from '../../../src/contracts/record.ts';
import { armOfRun } from '../../../src/feedback/effects/arm-of-run.ts';
import { effectsController } from '../../../src/feedback/effects/effects-controller.ts';
import { type PersonaForRun, personaForRun } from '../../../src/feedback/effects/persona-for-run.ts';
import { recordAll } from '../../../src/ledger/record-all.ts';
import { controllers } from '../../../src/runner/controllers.ts';
import { type PassReport, runPass } from '../../../src/runner/run-pass.ts';
import { routeTo, type Workshop, type WorkshopOptions, workshop } from '../../forge/workshop.ts';

/** A pass with the measurement of effects before those that plan new patches, and without the analysis: it takes time. */
const others = controllers.filter(({ name }) => name !== 'effects' && name !== 'analysis');
const place = others.findIndex(({ name }) => name === 'upgrade');
export const withEffects = [...others.slice(0, place), effectsController, ...others.slice(place)];

/** A workshop whose passes measure effects. */
export interface EffectsShop extends Workshop {
  measure(): Promise<PassReport>;
  /** Who works on each of these slots. */
  assign(slots: readonly string[]): Promise<PersonaForRun[]>;
  /** Work on so many slots, which succeeds as `accepts` says of version and number; then its outcomes are recorded. */
  work(count: number, accepts: (version: string, n: number) => boolean): Promise<PersonaForRun[]>;
  /** Records outcomes of the solver in a/b, unless they say otherwise. */
  record(outcomes: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  decisions(): Promise<(Entry & EffectDecision)[]>;
  measurements(): Promise<(Entry & EffectMeasurement)[]>;
  patches(): Promise<(Entry & Patch)[]>;
  /** Commits a change of a file on main. */
  edit(path: string, change: (text: string) => string): Promise<void>;
}

const HOUR_MS = 3_600_000;

export async function effectsShop(options: WorkshopOptions = {}): Promise<EffectsShop> {
  const shop = await workshop(options);
  let worked = 0;
  let recorded = 0;
  const measure = () => shop.run((context) => runPass(context, { controllers: withEffects }));
  const assign = (slots: readonly string[]) =>
    shop.run(({ workspace }) => Promise.all(slots.map((slot) => personaForRun(workspace, 'solver', slot))));
  const record: EffectsShop['record'] = async (outcomes) => {
    shop.advance(HOUR_MS);
    const contracts = outcomes.map((fields): Contract => {
      recorded += 1;
      const id = `o-${String(recorded).padStart(6, '0')}`;
      const parsed = outcome.fields.parse({
        idea_id: id,
        persona_id: 'solver',
        domain: 'a/b',
        outcome: 'accepted',
        ...fields,
      });
      return { id, kind: outcome, source: 'test', fields: parsed };
    });
    await shop.run(({ workspace, index }) =>
      recordAll(workspace, index, { subject: 'Record outcomes' }, async () => ({ contracts })),
    );
    await shop.sync();
  };
  return {
    ...shop,
    measure,
    assign,
    record,
    work: async (count, accepts) => {
      const slots = Array.from({ length: count }, (_, n) => `slot-${worked + n}`);
      const assigned = await assignQuickly(assign, slots);
      const outcomes = assigned.map(({ file }, n) => ({
        persona_version: file.persona.version,
        outcome: accepts(file.persona.version, worked + n) ? 'accepted' : 'failed',
        extra: { slot_id: slots[n] },
      }));
      worked += count;
      await record(outcomes);
      return assigned;
    },
    decisions: () => shop.records<EffectDecision>('effect_decision'),
    measurements: () => shop.records<EffectMeasurement>('effect_measurement'),
    patches: () => shop.records<Patch>('patch'),
    edit: async (path, change) => {
      await shop.folder.write(path, change(await shop.folder.read(path)));
      await shop.folder.git('commit', '-q', '-am', 'By hand');
      await shop.publish();
    },
  };
}

/** Each question looks at the tip of main, which takes time: after a few, both files are known. */
async function assignQuickly(
  assign: EffectsShop['assign'],
  slots: readonly string[],
): Promise<PersonaForRun[]> {
  const asked = await assign(slots.slice(0, 8));
  const byArm = new Map(asked.map((answer) => [answer.arm, answer]));
  return slots.map((slot, n) => {
    const known = asked[n];
    const patchId = asked[0]?.patchId;
    const found =
      known ?? byArm.get(byArm.has('only') || patchId === undefined ? 'only' : armOfRun(patchId, slot));
    if (found === undefined) throw new Error(`eight slots have one arm: ${[...byArm.keys()]}`);
    return found;
  });
}

/** A shop in which a patch of the solver is merged and its merge recorded: a/b goes to gpt-5 from 1.1.0 on. */
export async function mergedShop(
  options: WorkshopOptions & { readonly deltas?: readonly object[] } = {},
): Promise<EffectsShop> {
  const shop = await effectsShop(options);
  const more = options.deltas === undefined ? {} : { suggested_change: { deltas: options.deltas } };
  await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5', more));
  await shop.measure();
  await mergeOnly(shop);
  await shop.measure();
  return shop;
}

/** Merges the one proposal that is open, as a person does. */
export async function mergeOnly(shop: Workshop): Promise<void> {
  await shop.sync();
  const [branch, ...rest] = await shop.branches();
  if (branch === undefined || rest.length > 0)
    throw new Error(`expected one branch, found ${branch} and ${rest}`);
  await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge it', shop.named(branch));
  await shop.publish();
}

export const solverPath = 'personas/solver.yaml';

/** Nine of ten under the old version, three of ten under the new one. */
export const harmful = (version: string, n: number) => (version === '1.0.0' ? n % 10 !== 0 : n % 10 < 3);
export const helpful = (version: string, n: number) => harmful(version === '1.0.0' ? '1.1.0' : '1.0.0', n);
