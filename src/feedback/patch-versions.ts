import type { Workspace } from '../ledger/workspace.ts';
import { deltaHolds } from '../personas/apply-deltas.ts';
import type { PersonaFile } from '../personas/read-persona.ts';
import { draftPatch } from './draft-patch.ts';
import { mergedVersions } from './effects/merged-versions.ts';
import type { FeedbackState, PatchEntry } from './feedback-state.ts';

/** Versions of the persona before a patch and with it. */
export interface PatchVersions {
  readonly from: string;
  readonly to: string;
}

/**
 * The versions that a patch lies between now. The patch itself names those of the day on which it was made: since
 * then a person may have raised the version, or another patch may have been merged first.
 * - open: the persona on the base branch, and what the patch would make of it
 * - applied: as the merge made them, where this clone holds its commit
 * - rejected, or not to be applied any more: as the patch names them
 */
export async function patchVersions(
  workspace: Workspace,
  state: FeedbackState,
  patch: PatchEntry,
): Promise<PatchVersions> {
  const named = { from: patch.from_version, to: patch.to_version };
  const decision = state.decisions.get(patch.id);
  if (decision === undefined) return openVersions(baseFile(state, patch), patch) ?? named;
  const { commit_hash: commit } = decision;
  if (decision.decision !== 'applied' || !/^[0-9a-f]{40}$/.test(commit ?? '')) return named;
  const merged = await mergedVersions(workspace, { patch, decision, commit: commit ?? '' });
  return {
    from: merged.result === 'known' ? merged.control.persona.version : named.from,
    to: merged.treatment?.persona.version ?? named.to,
  };
}

function baseFile({ roster }: FeedbackState, { persona_id: id }: PatchEntry): PersonaFile | undefined {
  return roster.flatMap((read) => (read.ok && read.file.persona.id === id ? [read.file] : []))[0];
}

function openVersions(file: PersonaFile | undefined, patch: PatchEntry): PatchVersions | undefined {
  if (file === undefined) return undefined;
  const { persona } = file;
  // Merged, and no pass has recorded it yet.
  if (patch.deltas.every((change) => deltaHolds(persona, change)))
    return { from: patch.from_version, to: persona.version };
  const after = draftPatch(file, patch);
  return after === undefined ? undefined : { from: persona.version, to: after.persona.version };
}
