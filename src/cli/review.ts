import { describeDelta } from '../contracts/delta.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import {
  type FeedbackState,
  openPatches,
  type PatchEntry,
  readFeedbackState,
} from '../feedback/feedback-state.ts';
import { isTestOf } from '../feedback/gate/is-test-of.ts';
import { type Gate, readGate } from '../feedback/gate/read-gate.ts';
import type { PatchTestEntry } from '../feedback/gate/read-tests.ts';
import { patchVersions } from '../feedback/patch-versions.ts';
import { proposalBody, proposalTitle } from '../feedback/proposal-body.ts';
import { proposalController } from '../feedback/proposal-controller.ts';
import { proposalId } from '../feedback/proposal-id.ts';
import { rejectPatch } from '../feedback/reject-patch.ts';
import { mergeProposal } from '../forge/merge-proposal.ts';
import { openForge } from '../forge/open-forge.ts';
import { gitIdentity } from '../git/identity.ts';
import type { PassContext } from '../ledger/controller.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { CommandDefinition, CommandInput, Io } from './command.ts';
import { lookAtWorkspace, print, withWorkspace } from './with-workspace.ts';

const idArgument = { name: '<id>', text: 'the id of a patch or proposal, or the beginning or end of one' };
const byOption = { flags: '--by <who>', text: 'who decides; default: the git identity' };

export const review: CommandDefinition = {
  name: 'review',
  summary: 'list, show, apply or reject proposals',
  description:
    'Proposals wait for a person. Applying merges the branch; a merge, squash or rebase by other means counts just as well, because a pass looks at what the base branch holds. A rejected proposal is remembered with its reason and not offered again.',
  examples: [
    'millwright review list',
    'millwright review show 01k9',
    'millwright review reject 01k9 --reason "too expensive"',
  ],
  exits: ['10 no workspace here', '13 lost the race against other writers'],
  subcommands: [
    {
      name: 'list',
      summary: 'what waits, and what was decided',
      description: 'Lists every proposal with its result.',
      examples: ['millwright review list'],
      run: list,
    },
    {
      name: 'show',
      summary: 'the evidence of one proposal',
      description: 'Prints the page of a proposal: deltas, evidence, test, prediction.',
      args: [idArgument],
      examples: ['millwright review show 01k9'],
      run: show,
    },
    {
      name: 'apply',
      summary: 'merge one proposal',
      description: 'Merges the branch of a proposal into the base branch and records the decision.',
      args: [idArgument],
      options: [byOption],
      examples: ['millwright review apply 01k9'],
      run: apply,
    },
    {
      name: 'reject',
      summary: 'close one proposal, with a reason',
      description:
        'Records that a proposal was rejected and takes its branch away. The same deltas are not proposed again.',
      args: [idArgument],
      options: [{ flags: '--reason <text>', text: 'why; whoever proposes next reads it' }, byOption],
      examples: ['millwright review reject 01k9 --reason "too expensive"'],
      run: reject,
    },
  ],
};

async function list({ folder }: CommandInput, io: Io): Promise<number> {
  return lookAtWorkspace(folder, io, async (context) => {
    const state = await readFeedbackState(context.workspace);
    const results = new Map(
      (await proposalController.plan(context)).map(({ proposal }) => [
        proposal?.proposal_id,
        proposal?.result,
      ]),
    );
    const rows = await Promise.all(
      state.patches.map(async (patch) => ({
        patch_id: patch.id,
        proposal_id: proposalId(patch),
        title: await titleOf(context.workspace, state, patch),
        result: state.decisions.get(patch.id)?.decision ?? results.get(proposalId(patch)) ?? 'unknown',
        reason: state.decisions.get(patch.id)?.reason ?? null,
      })),
    );
    print(io, rows, (all) =>
      all.length === 0
        ? 'no proposals yet'
        : all
            .map(
              (row) =>
                `${row.patch_id}  ${row.result}  ${row.title}${row.reason === null ? '' : `  (${row.reason})`}`,
            )
            .join('\n'),
    );
    return 0;
  });
}

async function show({ folder, args }: CommandInput, io: Io): Promise<number> {
  return lookAtWorkspace(folder, io, async (context) => {
    const { workspace } = context;
    const state = await readFeedbackState(workspace);
    const patch = findPatch(state, args[0] ?? '');
    const gate = await gateOf(context, state);
    const [test, testing] = [gate.tests.get(patch.id), gate.testing.get(patch.id)];
    const decision = state.decisions.get(patch.id) ?? null;
    const versions = await patchVersions(workspace, state, patch);
    const hasChanged = decision === null && test !== undefined && isOfAnotherFile(state, patch, test);
    print(io, { proposal_id: proposalId(patch), decision, test: test ?? null, versions, ...patch }, () =>
      proposalBody(patch, versions, { test, hasChanged, testing }),
    );
    return 0;
  });
}

/** Verdicts of patches, and how far the tests are that are under way. */
async function gateOf(context: PassContext, state: FeedbackState): Promise<Gate> {
  const known = await (await openForge(context)).list([]);
  return readGate(context.workspace, state, new Set(known.map(({ id }) => id)));
}

function notOffered({ id }: PatchEntry, testing: string): MillwrightError {
  return new MillwrightError('not-offered', `patch ${id} is being tested and not offered yet: ${testing}`, {
    hint: 'millwright work does the replays; without gate.agent in millwright.yaml patches are offered as not tested',
    retry: 'back-off',
  });
}

/** Since the test, the persona was changed by other hands. */
function isOfAnotherFile({ roster }: FeedbackState, { persona_id: id }: PatchEntry, test: PatchTestEntry) {
  return roster.some((read) => read.ok && read.file.persona.id === id && !isTestOf(test, read.file));
}

async function apply({ folder, args, options }: CommandInput, io: Io): Promise<number> {
  return withWorkspace(folder, io, async (context) => {
    const { workspace } = context;
    const state = await readFeedbackState(workspace);
    const patch = findOpen(state, args[0] ?? '');
    const testing = (await gateOf(context, state)).testing.get(patch.id);
    if (testing !== undefined) throw notOffered(patch, testing);
    const by = await decider(workspace.root, options.by);
    const before = await titleOf(workspace, state, patch);
    const commit = await mergeProposal(workspace, proposalId(patch), before, by);
    for (const step of await proposalController.plan(context))
      if (step.proposal?.proposal_id === proposalId(patch)) await step.apply();
    // As the merge made it: a person may have edited the branch.
    const title = await titleOf(workspace, await readFeedbackState(workspace), patch);
    print(
      io,
      { patch_id: patch.id, decision: 'applied', by, commit, title },
      () => `applied ${title}\ncommit ${commit ?? ''}`,
    );
    return 0;
  });
}

async function reject({ folder, args, options }: CommandInput, io: Io): Promise<number> {
  return withWorkspace(folder, io, async (context) => {
    const state = await readFeedbackState(context.workspace);
    const patch = findOpen(state, args[0] ?? '');
    const title = await titleOf(context.workspace, state, patch);
    const by = await decider(context.workspace.root, options.by);
    const reason =
      typeof options.reason === 'string' && options.reason.trim() !== '' ? options.reason : 'no reason given';
    await rejectPatch(context, patch, { by, reason });
    print(io, { patch_id: patch.id, decision: 'rejected', by, reason }, () => `rejected ${title}: ${reason}`);
    return 0;
  });
}

/** With the version that holds now. */
async function titleOf(workspace: Workspace, state: FeedbackState, patch: PatchEntry): Promise<string> {
  return proposalTitle(patch, (await patchVersions(workspace, state, patch)).to);
}

async function decider(root: string, said: unknown): Promise<string> {
  return typeof said === 'string' && said.trim() !== '' ? said : gitIdentity(root);
}

function findOpen(state: FeedbackState, text: string): PatchEntry {
  const patch = findPatch(state, text);
  const decision = state.decisions.get(patch.id);
  if (openPatches(state).includes(patch)) return patch;
  throw new MillwrightError(
    'decided',
    `patch ${patch.id} was ${decision?.decision ?? 'decided'} already, by ${decision?.decided_by ?? 'somebody'}`,
    { hint: 'millwright review list shows what is open' },
  );
}

function findPatch(state: FeedbackState, text: string): PatchEntry {
  const matches = state.patches.filter((patch) =>
    [patch.id, proposalId(patch)].some((id) => id === text || id.startsWith(text) || id.endsWith(text)),
  );
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  const choices = (matches.length > 0 ? matches : openPatches(state)).map(
    (patch) => `${patch.id} (${patch.deltas.map(describeDelta).join(', ')})`,
  );
  throw new MillwrightError(
    'no-proposal',
    matches.length === 0
      ? `no proposal is called ${JSON.stringify(text)}`
      : `${matches.length} proposals begin or end with ${JSON.stringify(text)}`,
    {
      hint: choices.length === 0 ? 'there are no proposals' : `there are ${choices.slice(0, 5).join('; ')}`,
    },
  );
}
