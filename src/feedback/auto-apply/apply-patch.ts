import { type AutoApply, autoApply } from '../../contracts/auto-apply.ts';
import { faultPoint } from '../../contracts/fault-point.ts';
import { derivedId, idTime } from '../../contracts/ids.ts';
import { hasCode, MillwrightError } from '../../contracts/millwright-error.ts';
import type { Contract } from '../../contracts/record.ts';
import { mergeProposal } from '../../forge/merge-proposal.ts';
import { openForge } from '../../forge/open-forge.ts';
import type { Oid } from '../../git/repository.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { recordAll } from '../../ledger/record-all.ts';
import type { PatchEntry } from '../feedback-state.ts';
import type { PatchTestEntry } from '../gate/read-tests.ts';
import { proposalTitle } from '../proposal-body.ts';
import { proposalId } from '../proposal-id.ts';
import { countUses } from './count-uses.ts';
import { readUses } from './read-uses.ts';

/** Who approves what no person did. */
export const AUTO_APPLY = 'auto_apply';

/**
 * Counts the use and merges the proposal, in this order: the record is what the cap is counted from, and it is
 * decided on the serial ledger, so that two runners never use one place twice. A pass that dies in between
 * finds the record, does not count again, and merges if everything still is as it was. The decision on the
 * patch is recorded like any other merge, by whoever sees it in the base.
 * @param head the commit of the branch that was looked at
 * @returns whether anything has changed
 */
export async function applyPatch(
  context: PassContext,
  patch: PatchEntry,
  test: PatchTestEntry,
  head: Oid,
): Promise<boolean> {
  const place = await reserve(context, patch, test);
  if (place === 'none') return false;
  await faultPoint('auto-apply:recorded');
  const merged = await merge(context, patch, head);
  await faultPoint('auto-apply:merged');
  return merged || place === 'new';
}

/** By the forge where the settings say how, otherwise by a push. @returns whether the base has it now */
async function merge(context: PassContext, patch: PatchEntry, head: Oid): Promise<boolean> {
  const { workspace } = context;
  const id = proposalId(patch);
  const forge = await openForge(context);
  if (workspace.settings.github.auto_merge !== undefined && forge.merge !== undefined) {
    const answer = await forge.merge(id, head);
    if (answer.result === 'refused')
      workspace.warnings.push(`${id} was not merged by the forge: ${answer.detail}`);
    return answer.result === 'merged';
  }
  try {
    await mergeProposal(workspace, id, proposalTitle(patch), AUTO_APPLY, head);
    return true;
  } catch (error) {
    // Somebody has touched the persona or the branch in this very moment: then it is theirs.
    if (hasCode(error, 'conflict') || hasCode(error, 'no-proposal')) return false;
    throw hasCode(error, 'push-refused') ? protectedBase(id, error) : error;
  }
}

/** A base that takes no pushes must not end the whole pass: everything else goes on. */
function protectedBase(id: string, cause: unknown): MillwrightError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new MillwrightError('merge-refused', `${id} could not be merged by a push: ${said}`, {
    hint: 'set github.auto_merge in millwright.yaml, so that the forge merges it by its own rules, or merge it by hand',
    data: { id },
  });
}

/** A place under the cap of the day: a new one, the one that it had already, or none, because others have them. */
async function reserve(
  { workspace, index }: PassContext,
  patch: PatchEntry,
  test: PatchTestEntry,
): Promise<'new' | 'known' | 'none'> {
  let place: 'new' | 'known' | 'none' = 'none';
  const subject = `Apply ${proposalId(patch)} without a person`;
  await recordAll(workspace, index, { subject, body: test.reason }, async (snapshot) => {
    const uses = await readUses(snapshot);
    const now = workspace.clock.now();
    const free = countUses(uses, now).last_24_h < workspace.settings.auto_apply.max_per_day;
    place = uses.some(({ patch_id: id }) => id === patch.id) ? 'known' : free ? 'new' : 'none';
    return { contracts: place === 'new' ? [useOf(patch, test, now)] : [] };
  });
  return place;
}

function useOf(patch: PatchEntry, test: PatchTestEntry, at: Date): Contract {
  const id = derivedId(idTime(patch.id), ['auto_apply', patch.id]);
  const fields: AutoApply = {
    auto_apply_id: id,
    patch_id: patch.id,
    persona_id: patch.persona_id,
    proposal_id: proposalId(patch),
    patch_test_id: test.id,
    delta_kinds: patch.deltas.map(({ op }) => op),
    applied_at: at.toISOString(),
  };
  return { id, kind: autoApply, source: AUTO_APPLY, fields: autoApply.fields.parse(fields) };
}
