import { personaPath } from '../../ledger/paths.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import type { PersonaRead } from '../../personas/read-persona.ts';
import type { FeedbackState } from '../feedback-state.ts';
import { type EffectStanding, effectStanding } from './effect-standing.ts';
import { type MergedPatch, patchesUnderWay } from './merged-patches.ts';
import { type MergedVersions, mergedVersions } from './merged-versions.ts';

/** A merged patch that nothing has been decided about, and what can be done about it. */
export interface OpenEffect {
  readonly merged: MergedPatch;
  readonly versions: MergedVersions;
  /** The persona on the base branch; undefined when it is not there. */
  readonly base: PersonaRead | undefined;
  readonly standing: EffectStanding;
}

/** Every patch under way. Of several on one persona only the last is measured: the others are part of its control. */
export async function openEffects(workspace: Workspace, state: FeedbackState): Promise<OpenEffect[]> {
  const effects = await Promise.all(
    patchesUnderWay(state).map(async (merged): Promise<OpenEffect> => {
      const base = baseOf(state, merged.patch.persona_id);
      const versions = await mergedVersions(workspace, merged);
      return { merged, versions, base, standing: effectStanding(merged, versions, base) };
    }),
  );
  return effects.map((effect, at) => {
    const later = effects.slice(at + 1).find((other) => isMeasurable(other) && isSamePersona(other, effect));
    if (later === undefined || !isMeasurable(effect)) return effect;
    const standing = effectStanding(effect.merged, effect.versions, effect.base, later.merged);
    return { ...effect, standing };
  });
}

function baseOf({ roster }: FeedbackState, personaId: string): PersonaRead | undefined {
  const path = personaPath(personaId);
  return roster.find((read) => (read.ok ? read.file.path : read.path) === path);
}

function isMeasurable({ standing }: OpenEffect): boolean {
  return standing.result === 'measured' || standing.result === 'alert-only';
}

function isSamePersona({ merged: a }: OpenEffect, { merged: b }: OpenEffect): boolean {
  return a.patch.persona_id === b.patch.persona_id;
}
