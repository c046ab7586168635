import { emptyTree } from '../../git/object-store.ts';
import type { Oid } from '../../git/repository.ts';
import { Snapshot } from '../../git/snapshot.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import type { PersonaFile } from '../../personas/read-persona.ts';
import { readFeedbackState } from '../feedback-state.ts';
import { type Arm, armOfRun } from './arm-of-run.ts';
import { basePersona } from './base-persona.ts';
import { isTakenBack } from './is-taken-back.ts';
import { mergedPatches } from './merged-patches.ts';
import { mergedVersions } from './merged-versions.ts';
import { samePersona } from './same-persona.ts';

/** The persona that a run works under. */
export interface PersonaForRun {
  readonly file: PersonaFile;
  /** `only`: there is nothing to choose from. */
  readonly arm: Arm | 'only';
  /** The patch that is measured, or taken back. */
  readonly patchId?: string;
}

/**
 * The version of a persona for one run. While a merged patch is measured, half of the runs keep the version before
 * it. After it was found to do harm, all of them do, until the base branch changes. Else the persona is as the base
 * branch has it. Asks git alone, and no more of it than has changed since the last run.
 * Throws `unknown-persona`, `bad-persona`.
 * @param runKey the same for everything that is one run: the id of its slot
 */
export async function personaForRun(
  workspace: Workspace,
  personaId: string,
  runKey: string,
): Promise<PersonaForRun> {
  if (!workspace.settings.effects.split)
    return { file: await basePersona((await workspace.base.tip()).snapshot, personaId), arm: 'only' };
  const state = await readFeedbackState(workspace);
  const file = await basePersona(await snapshotOf(workspace, state.base), personaId);
  const own = mergedPatches(state).filter(({ patch }) => patch.persona_id === personaId);
  for (const merged of own.reverse()) {
    const { id } = merged.patch;
    const isMeasured = !state.effects.has(id);
    if (!isMeasured && !isTakenBack(state, id)) continue;
    const versions = await mergedVersions(workspace, merged);
    if (versions.result !== 'known' || !isSame(file, versions.treatment)) continue;
    const arm = isMeasured ? armOfRun(id, runKey) : 'control';
    return { file: arm === 'control' ? versions.control : file, arm, patchId: id };
  }
  return { file, arm: 'only' };
}

function isSame({ persona: a }: PersonaFile, { persona: b }: PersonaFile): boolean {
  return a.version === b.version && samePersona(a, b);
}

async function snapshotOf({ store }: Workspace, commit: Oid | null): Promise<Snapshot> {
  return new Snapshot(store, commit === null ? emptyTree : await store.treeOf(commit));
}
