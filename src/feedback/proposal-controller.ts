import type { Forge, ForgeProposal, ProposalDraft } from '../forge/forge.ts';
import { localForge } from '../forge/local-forge.ts';
import { planWantedProposal } from '../forge/reconcile-proposal.ts';
import { tidyProposal } from '../forge/tidy-proposal.ts';
import type { Controller, PassContext, Step } from '../ledger/controller.ts';
import { deltaHolds } from '../personas/apply-deltas.ts';
import type { PersonaFile } from '../personas/read-persona.ts';
import { draftPatch } from './draft-patch.ts';
import { type FeedbackState, openPatches, type PatchEntry, readFeedbackState } from './feedback-state.ts';
import { isTestOf } from './gate/is-test-of.ts';
import { readGate } from './gate/read-gate.ts';
import type { PatchTestEntry } from './gate/read-tests.ts';
import { proposalBody, proposalTitle } from './proposal-body.ts';
import { proposalId } from './proposal-id.ts';
import { recordDecision } from './record-decision.ts';

/**
 * Keeps one proposal for each open patch, and records what people decide. A patch whose test is under way is not
 * offered yet: its result is `testing`.
 */
export const proposalController: Controller = {
  name: 'proposals',
  plan: async (context) => {
    const state = await readFeedbackState(context.workspace);
    const forge = localForge(context.workspace);
    const known = await forge.list();
    const gate = await readGate(context.workspace, state, new Set(known.map(({ id }) => id)));
    const steps: Step[] = [];
    for (const patch of openPatches(state)) {
      const opening = steps.filter(({ proposal }) => proposal?.result === 'opened').length;
      const progress = gate.testing.get(patch.id);
      const offer = { patch, test: gate.tests.get(patch.id) };
      steps.push(
        progress === undefined
          ? await planPatch(context, forge, known, state, offer, opening)
          : testing(patch, progress),
      );
    }
    return [...steps, ...leftovers(context, forge, known, state)];
  },
};

function testing(patch: PatchEntry, detail: string): Step {
  const id = proposalId(patch);
  const proposal = { proposal_id: id, result: 'testing', detail };
  return {
    controller: 'proposals',
    summary: `proposal ${id}: testing (${detail})`,
    changes: false,
    proposal,
    apply: async () => ({ changed: false, proposal }),
  };
}

/** A patch, and what its test said where there was one. */
interface Offer {
  readonly patch: PatchEntry;
  readonly test: PatchTestEntry | undefined;
}

async function planPatch(
  context: PassContext,
  forge: Forge,
  known: readonly ForgeProposal[],
  state: FeedbackState,
  { patch, test }: Offer,
  opening: number,
): Promise<Step> {
  const id = proposalId(patch);
  const file = state.roster.flatMap((read) =>
    read.ok && read.file.persona.id === patch.persona_id ? [read.file] : [],
  )[0];
  const inBase = file !== undefined && patch.deltas.every((change) => deltaHolds(file.persona, change));
  const draft = file === undefined || inBase ? undefined : tryDraft(id, file, { patch, test });
  const wanted = { id, base: state.base ?? '', inBase, draft };
  const planned = await planWantedProposal(context.workspace, forge, known, wanted, opening);
  const decided = planned.result === 'merged' || planned.result === 'rejected';
  const { result, reason } = planned;
  const changes = decided || result === 'opened' || result === 'updated';
  const proposal = { proposal_id: id, result, ...(reason === undefined ? {} : { detail: line(reason) }) };
  return {
    controller: 'proposals',
    summary: `proposal ${id}: ${result}${reason === undefined ? '' : ` (${line(reason)})`}`,
    changes,
    proposal,
    apply: async () => {
      if (decided) await recordDecision(context, forge, patch, planned, state);
      else await planned.apply();
      return { changed: changes, proposal };
    },
  };
}

/** The first line of what a person wrote, short enough for a report. */
function line(reason: string): string {
  return (reason.split('\n')[0] ?? '').slice(0, 500);
}

/** The page and the file as they would be, on the present base; undefined when the change cannot be made there any more. */
function tryDraft(id: string, file: PersonaFile, { patch, test }: Offer): ProposalDraft | undefined {
  const after = draftPatch(file, patch);
  if (after === undefined) return undefined;
  // A person may have raised the version since the patch was made.
  const versions = { from: file.persona.version, to: after.persona.version };
  return {
    id,
    title: proposalTitle(patch, versions.to),
    body: proposalBody(patch, versions, {
      test,
      hasChanged: test !== undefined && !isTestOf(test, file),
    }),
    files: [{ path: file.path, content: after.text }],
  };
}

/** Pages whose patch is decided already: a pass that died between the record and the tidying up. */
function leftovers(
  context: PassContext,
  forge: Forge,
  known: readonly ForgeProposal[],
  state: FeedbackState,
): Step[] {
  const decided = new Set(state.patches.filter((patch) => state.decisions.has(patch.id)).map(proposalId));
  const open = new Set(openPatches(state).map(proposalId));
  return known
    .filter(({ id }) => decided.has(id) && !open.has(id))
    .map(({ id }) => ({
      controller: 'proposals',
      summary: `proposal ${id}: take its page away, it is decided`,
      changes: true,
      apply: async () => {
        await tidyProposal(context.workspace, forge, id);
        return { changed: true };
      },
    }));
}
