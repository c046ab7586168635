import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Controller, PassContext, Step } from '../../ledger/controller.ts';
import { applyDeltas } from '../../personas/apply-deltas.ts';
import type { PersonaFile } from '../../personas/read-persona.ts';
import { type FeedbackState, openPatches, type PatchEntry, readFeedbackState } from '../feedback-state.ts';
import { isTestOf } from '../gate/is-test-of.ts';
import { type PatchTestEntry, readTests } from '../gate/read-tests.ts';
import { proposalController } from '../proposal-controller.ts';
import { proposalId } from '../proposal-id.ts';
import { applyPatch } from './apply-patch.ts';
import { type BranchCheck, checkBranch } from './check-branch.ts';
import { countUses } from './count-uses.ts';
import { whyNotApplied } from './plan-auto-apply.ts';
import { readUses } from './read-uses.ts';

/**
 * Gate 3: merges proposals without a person, where the settings allow that for every sort of delta in them, the
 * test says `improved`, nobody has touched them, and the day's cap is not reached. Off by default. Whatever the
 * settings say, nothing but one file of a persona is ever merged.
 */
export const autoApplyController: Controller = {
  name: 'auto-apply',
  plan: async (context) => {
    const { workspace } = context;
    if (!workspace.settings.auto_apply.enabled) return [];
    const state = await readFeedbackState(workspace);
    const tests = await readTests((await workspace.log.tip()).snapshot);
    const candidates = openPatches(state).flatMap((patch) => {
      const test = tests.get(patch.id);
      return test?.verdict === 'improved' ? [{ patch, test }] : [];
    });
    return candidates.length === 0 ? [] : planAll(context, state, candidates);
  },
};

interface Candidate {
  readonly patch: PatchEntry;
  readonly test: PatchTestEntry;
}

async function planAll(
  context: PassContext,
  state: FeedbackState,
  candidates: readonly Candidate[],
): Promise<Step[]> {
  const { workspace } = context;
  const results = new Map(
    (await proposalController.plan(context)).map(({ proposal }) => [proposal?.proposal_id, proposal?.result]),
  );
  const records = await readUses((await workspace.log.tip()).snapshot);
  const begun = new Set(records.map(({ patch_id: id }) => id));
  let uses = countUses(records, workspace.clock.now()).last_24_h;
  const steps: Step[] = [];
  for (const candidate of candidates) {
    const { patch, test } = candidate;
    const check = await checkPatch(context, state, candidate);
    const why = whyNotApplied({
      settings: workspace.settings.auto_apply,
      deltas: patch.deltas,
      isRevert: patch.reverts !== undefined,
      test,
      result: results.get(proposalId(patch)) ?? 'unknown',
      sameFile: check.sameFile,
      problem: 'problem' in check ? check.problem : undefined,
      begun: begun.has(patch.id),
      uses,
    });
    if (why === undefined && !begun.has(patch.id)) uses += 1;
    const head = 'head' in check ? check.head : undefined;
    steps.push(
      why === undefined && head !== undefined ? applying(context, candidate, head) : waiting(patch, why),
    );
  }
  return steps;
}

/** The persona as it is, and the branch as it would be merged. */
async function checkPatch(
  { workspace }: PassContext,
  { roster }: FeedbackState,
  { patch, test }: Candidate,
): Promise<BranchCheck & { readonly sameFile: boolean }> {
  const [file] = roster.flatMap((read) =>
    read.ok && read.file.persona.id === patch.persona_id ? [read.file] : [],
  );
  const sameFile = file !== undefined && isTestOf(test, file);
  const content = file === undefined ? undefined : patchedText(file, patch);
  if (content === undefined) return { problem: 'its change cannot be made', sameFile };
  const check = await checkBranch(workspace, proposalId(patch), patch.persona_id, content);
  return { ...check, sameFile };
}

function patchedText(file: PersonaFile, { deltas }: PatchEntry): string | undefined {
  try {
    return applyDeltas(file, deltas).text;
  } catch (error) {
    if (error instanceof MillwrightError) return undefined;
    throw error;
  }
}

function applying(context: PassContext, { patch, test }: Candidate, head: string): Step {
  return {
    controller: 'auto-apply',
    summary: `apply ${proposalId(patch)} without a person: its test says improved, and auto_apply allows it`,
    changes: true,
    apply: async () => ({ changed: await applyPatch(context, patch, test, head) }),
  };
}

function waiting(patch: PatchEntry, why = 'its branch could not be read'): Step {
  return {
    controller: 'auto-apply',
    summary: `leave ${proposalId(patch)} to a person: ${why}`,
    changes: false,
    apply: async () => ({ changed: false }),
  };
}
