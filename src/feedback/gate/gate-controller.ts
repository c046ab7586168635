import { openForge } from '../../forge/open-forge.ts';
import type { Controller, PassContext, Step } from '../../ledger/controller.ts';
import type { Recipe } from '../../queue/recipe.ts';
import { type PatchEntry, readFeedbackState } from '../feedback-state.ts';
import { awaitingTest } from './awaiting-test.ts';
import { beginStage } from './begin-stage.ts';
import { cancelEdits } from './cancel-edits.ts';
import type { GateFacts } from './gate-facts.ts';
import { type GateStep, planGate } from './plan-gate.ts';
import { readGateFacts } from './read-gate-facts.ts';
import { readTests } from './read-tests.ts';
import { recordTest } from './record-test.ts';
import { readReplayItems } from './replay-items.ts';

/**
 * Tests patches before they are offered: puts replays of archived tasks into the queue and makes a verdict of
 * what workers find. Without `gate.agent` it does nothing.
 * @param recipes what splits work into slots: a past slot is made again by the one that made it
 */
export function gateController(recipes: readonly Recipe[]): Controller {
  return { name: 'gate', plan: (context) => planTests(context, recipes) };
}

async function planTests(context: PassContext, recipes: readonly Recipe[]): Promise<Step[]> {
  const { workspace } = context;
  const state = await readFeedbackState(workspace);
  if (state.patches.length === 0) return [];
  const { snapshot } = await workspace.log.tip();
  const tests = await readTests(snapshot);
  const off = workspace.settings.gate.agent === undefined;
  const shown = off ? [] : await (await openForge(context)).list([]);
  const waiting = awaitingTest(workspace, state, tests, new Set(shown.map(({ id }) => id)));
  const all = state.patches.map(({ id }) => id);
  const items = await readReplayItems(snapshot, all);
  const facts = await readGateFacts(workspace, snapshot, state, waiting, items);
  const steps = await Promise.all(
    waiting.map((patch) => planTest(context, recipes, patch, facts.get(patch.id))),
  );
  const wanted = new Set(waiting.map(({ id }) => id));
  const idle = items.filter(({ patchId, item }) => !wanted.has(patchId) && item.cancelled === undefined);
  return [...steps.flat(), ...cancelIdle(context, new Set(idle.map(({ patchId }) => patchId)))];
}

async function planTest(
  context: PassContext,
  recipes: readonly Recipe[],
  patch: PatchEntry,
  facts: GateFacts | undefined,
): Promise<Step[]> {
  if (facts === undefined) return [];
  const step = planGate(facts);
  return [toStep(context, recipes, patch, facts, step)];
}

function toStep(
  context: PassContext,
  recipes: readonly Recipe[],
  patch: PatchEntry,
  facts: GateFacts,
  step: GateStep,
): Step {
  const what = `test patch ${patch.id} of ${patch.persona_id}`;
  const common = { controller: 'gate', changes: step.step !== 'wait' };
  const apply = async () => ({ changed: await carryOut(context, recipes, patch, facts, step) });
  switch (step.step) {
    case 'look':
      return { ...common, summary: `${what}: see what can be replayed`, apply };
    case 'begin':
      return { ...common, summary: `${what}: queue the ${step.stage.stage} replays`, apply };
    case 'wait':
      return { ...common, summary: `${what}: ${step.done} of ${step.of} replays done`, apply };
    case 'conclude':
      return { ...common, summary: `${what}: ${step.figures.verdict}, ${step.figures.reason}`, apply };
  }
}

/** @returns whether anything has changed */
async function carryOut(
  context: PassContext,
  recipes: readonly Recipe[],
  patch: PatchEntry,
  facts: GateFacts,
  step: GateStep,
): Promise<boolean> {
  switch (step.step) {
    case 'look': {
      // DuckDB is loaded here and not before: most passes have nothing to test.
      const { readArchive } = await import('./read-archive.ts');
      const archive = await readArchive(context.workspace, recipes, patch.persona_id);
      const known = { ...facts, archive };
      return carryOut(context, recipes, patch, known, planGate(known));
    }
    case 'begin':
      return beginStage(context, patch, step.stage, facts.personaFile);
    case 'wait':
      return false;
    case 'conclude':
      return recordTest(context, patch, step.figures, facts.personaFile);
  }
}

/** Replays of a patch that was decided on meanwhile, or that is no longer to be tested. */
function cancelIdle(context: PassContext, patchIds: ReadonlySet<string>): Step[] {
  const { workspace } = context;
  return [...patchIds].map((id) => ({
    controller: 'gate',
    summary: `cancel the replays of patch ${id}: nobody waits for them`,
    changes: true,
    apply: async () => {
      const words = { subject: `Cancel the replays of ${id}` };
      const done = await workspace.log.transact(words, async (snapshot) => ({
        edits: await cancelEdits(snapshot, [id], 'nobody waits for them', workspace.clock.now()),
        value: undefined,
      }));
      return { changed: done.commit !== null };
    },
  }));
}
