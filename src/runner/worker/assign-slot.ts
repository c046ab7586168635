import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Persona } from '../../contracts/persona.ts';
import type { WorkSlot } from '../../contracts/work.ts';
import { PERSONAS, personaPath } from '../../ledger/paths.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { routeOf } from '../../personas/apply-deltas.ts';
import { personaError, readRoster } from '../../personas/read-persona.ts';
import type { Held } from '../../queue/held.ts';
import type { Assignment } from './assignment.ts';

/** What the agent is given, and what the outcome will say of who it was. */
export interface Assigned {
  readonly assignment: Assignment;
  readonly personaVersion: string;
  /** The model that the slot or the route of the persona names. */
  readonly model: string;
}

/** Joins a slot with its persona as it is on the base branch now. Throws `bad-persona`, `unknown-persona`. */
export async function assignSlot(workspace: Workspace, { slot, claim }: Held): Promise<Assigned> {
  const persona = await readPersonaOf(workspace, slot);
  const model = slot.model ?? routeOf(persona, slot.domain ?? null);
  const { time_limit_minutes: minutes, output_limit_bytes: outputLimitBytes } = workspace.settings.work;
  const assignment = {
    slotId: slot.slot_id,
    token: claim.token,
    branch: slot.branch,
    promptName: slot.prompt,
    variables: { ...slot.variables, ...personaVariables(persona), branch: slot.branch, model },
    env: {
      MILLWRIGHT_ITEM_ID: slot.item_id,
      MILLWRIGHT_WORKER_ID: claim.worker_id,
      MILLWRIGHT_PERSONA: persona.id,
      MILLWRIGHT_MODEL: model,
    },
    ...(slot.smoke === undefined ? {} : { smoke: slot.smoke }),
    timeLimitMs: minutes * 60_000,
    outputLimitBytes,
    subject: `${slot.label ?? slot.kind} for ${slot.kind} ${slot.item_id}`,
  };
  return { assignment, personaVersion: persona.version, model };
}

async function readPersonaOf(workspace: Workspace, { persona: id }: WorkSlot): Promise<Persona> {
  const { snapshot } = await workspace.base.tip();
  const [read] = await readRoster(snapshot, PERSONAS, new Set([id]));
  if (read?.ok) return read.file.persona;
  if (read !== undefined) throw personaError(read.path, read.issues);
  throw new MillwrightError('unknown-persona', `there is no persona ${id}: ${personaPath(id)} is missing`, {
    hint: 'add the file, or name another persona in millwright.yaml',
    data: { persona: id },
  });
}

function personaVariables({ name, role, identity, playbook }: Persona): Record<string, unknown> {
  return {
    persona_name: name,
    persona_role: role,
    persona_mission: identity.mission,
    playbook: playbook.map(({ text }) => text),
  };
}
