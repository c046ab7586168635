import { type EffectMeasurement, effectMeasurement } from '../../contracts/effect.ts';
import { contentKey } from '../../contracts/ids.ts';
import type { Entry } from '../../contracts/record.ts';
import type { Settings } from '../../contracts/settings.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import type { Controller, PassContext, Step } from '../../ledger/controller.ts';
import { stateFolder } from '../../ledger/paths.ts';
import { readEntries } from '../../ledger/read-entries.ts';
import { readFeedbackState } from '../feedback-state.ts';
import {
  type EffectToMeasure,
  hasRuns,
  type MeasuredEffect,
  measureEffects,
  newestOutcome,
} from './measure-effects.ts';
import { openEffects } from './open-effects.ts';
import { recordEffect } from './record-effect.ts';
import { readSeenInputs, type SeenInputs, writeSeenInputs } from './seen-inputs.ts';

/** A measurement is recorded again after so many more pairs. */
const BLOCKS_A_RECORD = 10;
const DAY_MS = 86_400_000;

type MeasurementEntry = Entry & EffectMeasurement;

/** Measures what merged patches do, and takes back what does harm. */
export const effectsController: Controller = {
  name: 'effects',
  plan: async (context) => {
    const { workspace } = context;
    const open = await openEffects(workspace, await readFeedbackState(workspace));
    if (open.length === 0) return [];
    const { snapshot } = await workspace.log.tip();
    const last = await lastMeasurements(snapshot);
    const seen = await readSeenInputs(workspace.cache);
    const effects = open.map((effect) => ({
      ...effect,
      alerted: last.get(effect.merged.patch.id)?.state === 'alert',
    }));
    const due = await dueEffects(context, snapshot, effects, last, seen);
    const measured = await measureEffects(
      workspace,
      snapshot,
      due.map(({ effect }) => effect),
    );
    const inputs = new Map(due.map(({ effect, input }) => [effect.merged.patch.id, input]));
    const [worth, rest] = partition(measured, (effect) =>
      isWorthARecord(effect, last.get(effect.merged.patch.id)),
    );
    if (rest.length > 0)
      await remember(
        context,
        seen,
        open.map(({ merged }) => merged.patch.id),
        rest,
        inputs,
      );
    return worth.map((effect) => stepFor(context, effect, inputs.get(effect.merged.patch.id)));
  },
};

async function lastMeasurements(snapshot: Snapshot): Promise<Map<string, MeasurementEntry>> {
  const entries = await readEntries<EffectMeasurement>(snapshot, effectMeasurement.name);
  return new Map(entries.map((entry) => [entry.patch_id, entry]));
}

interface Due {
  readonly effect: EffectToMeasure;
  readonly input: string | undefined;
}

/** Those that may have come to something since they were last looked at. Asks git alone. */
async function dueEffects(
  { workspace }: PassContext,
  snapshot: Snapshot,
  effects: readonly EffectToMeasure[],
  last: ReadonlyMap<string, MeasurementEntry>,
  seen: SeenInputs,
): Promise<Due[]> {
  const outcomes = (await snapshot.entry(stateFolder('outcome')))?.oid;
  const newest = await newestOutcome(snapshot);
  const now = workspace.clock.now().getTime();
  return effects.flatMap((effect): Due[] => {
    const { patch, decision } = effect.merged;
    const input = inputKey(outcomes, effect, workspace.settings.effects);
    const days = (now - new Date(decision.decided_at).getTime()) / DAY_MS;
    const known = seen[patch.id] === input || last.get(patch.id)?.extra?.input === input;
    const isDue =
      effect.standing.result === 'superseded' ||
      days >= workspace.settings.effects.max_days ||
      (hasRuns(effect.merged, newest) && !known);
    return isDue && effect.standing.result !== 'waits' ? [{ effect, input }] : [];
  });
}

/** The same outcomes, looked at in the same way, give the same answer. */
function inputKey(
  outcomes: string | undefined,
  { standing }: EffectToMeasure,
  settings: Settings['effects'],
): string | undefined {
  return outcomes === undefined ? undefined : `${outcomes} ${contentKey([standing, settings])}`;
}

function partition<T>(values: readonly T[], test: (value: T) => boolean): [T[], T[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}

function isWorthARecord({ figures, planned }: MeasuredEffect, last: MeasurementEntry | undefined): boolean {
  if ('decision' in planned) return true;
  if (planned.state !== (last?.state ?? 'measuring')) return true;
  if (figures.blocks - (last?.blocks ?? 0) >= BLOCKS_A_RECORD) return true;
  const more = figures.treatment.runs - (last?.treatment_runs ?? 0);
  return figures.method === 'fixed_history' && more >= BLOCKS_A_RECORD;
}

/** Only what gave nothing to record: the rest is known by its record, once that is there. */
async function remember(
  { workspace }: PassContext,
  seen: SeenInputs,
  open: readonly string[],
  measured: readonly MeasuredEffect[],
  inputs: ReadonlyMap<string, string | undefined>,
): Promise<void> {
  const kept = Object.entries(seen).filter(([id]) => open.includes(id));
  const fresh = measured.flatMap(({ merged }): [string, string][] => {
    const input = inputs.get(merged.patch.id);
    return input === undefined ? [] : [[merged.patch.id, input]];
  });
  await writeSeenInputs(workspace.cache, Object.fromEntries([...kept, ...fresh]));
}

function stepFor(context: PassContext, effect: MeasuredEffect, input: string | undefined): Step {
  const { merged, planned } = effect;
  const what = 'decision' in planned ? planned.decision.replace('_', ' ') : planned.state;
  return {
    controller: 'effects',
    summary: `effect of ${merged.patch.id} on ${merged.patch.persona_id}: ${what} (${planned.reason})`,
    changes: true,
    apply: () => recordEffect(context, effect, input),
  };
}
