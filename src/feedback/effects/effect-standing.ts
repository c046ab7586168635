import type { PersonaRead } from '../../personas/read-persona.ts';
import type { MergedPatch } from './merged-patches.ts';
import type { MergedVersions } from './merged-versions.ts';
import { samePersona } from './same-persona.ts';

/**
 * What can be done about a merged patch that is not decided on. Prose first, code below:
 * - measured: both versions are known and the base still is as the merge made it
 * - alert-only: this clone cannot show the version before, so nothing is split or taken back from here
 * - superseded: the comparison has lost its meaning, for good
 * - waits: the persona on the base cannot be read just now
 */
export type EffectStanding =
  | { readonly result: 'measured' | 'alert-only'; readonly versions: VersionPair; readonly note?: string }
  | { readonly result: 'superseded'; readonly versions: VersionPair; readonly reason: string }
  | { readonly result: 'waits' };

export interface VersionPair {
  readonly control: string;
  readonly treatment: string;
}

/**
 * Pure.
 * @param base the persona on the base branch; undefined when it is not there
 * @param later another patch of the persona, merged later, that can be measured
 */
export function effectStanding(
  { patch }: MergedPatch,
  merged: MergedVersions,
  base: PersonaRead | undefined,
  later?: MergedPatch,
): EffectStanding {
  const versions = {
    control: merged.result === 'known' ? merged.control.persona.version : patch.from_version,
    treatment: merged.treatment?.persona.version ?? patch.to_version,
  };
  const superseded = (reason: string) => ({ result: 'superseded' as const, versions, reason });
  if (later !== undefined)
    return superseded(`patch ${later.patch.id} changed ${patch.persona_id} after it and is measured instead`);
  if (base === undefined) return superseded(`${patch.persona_id} is no longer on the roster`);
  if (merged.result === 'none') return superseded(merged.reason);
  if (!base.ok) return { result: 'waits' };
  const moved = movedOn(merged, versions, base);
  // Without the commit itself, who is to say which version it made?
  if (moved !== undefined) return merged.treatment === undefined ? { result: 'waits' } : superseded(moved);
  if (merged.result === 'known') return { result: 'measured', versions };
  return { result: 'alert-only', versions, note: merged.reason };
}

/** Why the base no longer is what the merge made of it; undefined when it still is. */
function movedOn(
  { treatment }: MergedVersions,
  versions: VersionPair,
  base: PersonaRead & { readonly ok: true },
): string | undefined {
  const { persona } = base.file;
  if (persona.version !== versions.treatment)
    return `${persona.id} was changed after the merge: it is at ${persona.version}, and the patch made ${versions.treatment}`;
  if (treatment === undefined || samePersona(persona, treatment.persona)) return undefined;
  return `${persona.id} was edited after the merge and kept its version ${persona.version}`;
}
