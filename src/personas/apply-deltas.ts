import { type Delta, describeDelta } from '../contracts/delta.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Bullet, Persona } from '../contracts/persona.ts';
import { editYaml, type YamlEdit } from './edit-yaml.ts';
import { type PersonaFile, personaError, readPersona } from './read-persona.ts';

/**
 * The persona file after the deltas, with its version moved on. Comments and formatting stay as people
 * wrote them, and every delta holds in the result. Throws `delta-does-not-apply`, `yaml-edit-failed` for a
 * file that cannot be edited without a loss, or `bad-persona` when the result breaks the schema.
 */
export function applyDeltas(file: PersonaFile, deltas: readonly Delta[]): PersonaFile {
  let current = file;
  for (const change of deltas) current = edited(current, [editFor(current.persona, change)]);
  // A merge is recognised by its deltas: one that can never hold would be offered for ever.
  const lost = deltas.find((change) => !deltaHolds(current.persona, change));
  if (lost !== undefined)
    throw doesNotApply(file.persona, `"${describeDelta(lost)}" would not hold afterwards`);
  return edited(current, [{ op: 'set', path: ['version'], value: nextVersion(file.persona.version) }]);
}

/** True when the persona already is as the delta wants it. */
export function deltaHolds(persona: Persona, change: Delta): boolean {
  switch (change.op) {
    case 'set_route':
      return routeOf(persona, change.domain) === change.model;
    case 'unset_route':
      return !Object.hasOwn(persona.routing.domains, change.domain);
    case 'add_bullet':
    case 'update_bullet':
      return findBullet(persona, change.id)?.text === change.text;
    case 'remove_bullet':
      return findBullet(persona, change.id) === undefined;
    case 'set_field':
      return fieldValue(persona, change.field) === change.value;
  }
}

/** The model that a persona uses for a domain; null asks for the default. */
export function routeOf(persona: Persona, domain: string | null): string {
  const own =
    domain !== null && Object.hasOwn(persona.routing.domains, domain)
      ? persona.routing.domains[domain]
      : undefined;
  return own ?? persona.routing.default;
}

/** A change of behaviour moves the minor version. */
export function nextVersion(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return `${major}.${minor + 1}.0`;
}

function edited(file: PersonaFile, edits: readonly YamlEdit[]): PersonaFile {
  const read = readPersona(file.path, editYaml(file.text, edits));
  if (!read.ok) throw personaError(read.path, read.issues);
  return read.file;
}

function editFor(persona: Persona, change: Delta): YamlEdit {
  switch (change.op) {
    case 'set_route':
      return {
        op: 'set',
        path: change.domain === null ? ['routing', 'default'] : ['routing', 'domains', change.domain],
        value: change.model,
      };
    case 'unset_route':
      return { op: 'remove', path: ['routing', 'domains', routePlace(persona, change.domain)] };
    case 'add_bullet':
      return { op: 'append', path: ['playbook'], value: newBullet(persona, change) };
    case 'update_bullet':
      return { op: 'set', path: ['playbook', bulletPlace(persona, change.id), 'text'], value: change.text };
    case 'remove_bullet':
      return { op: 'remove', path: ['playbook', bulletPlace(persona, change.id)] };
    case 'set_field':
      return { op: 'set', path: change.field.split('.'), value: change.value };
  }
}

function routePlace(persona: Persona, domain: string): string {
  if (Object.hasOwn(persona.routing.domains, domain)) return domain;
  throw doesNotApply(persona, `there is no route for "${domain}"`);
}

function newBullet(persona: Persona, change: Extract<Delta, { op: 'add_bullet' }>) {
  if (findBullet(persona, change.id) !== undefined)
    throw doesNotApply(persona, `bullet "${change.id}" is there already`);
  const { id, section, text, evidence } = change;
  return { id, section, text, helpful: 0, harmful: 0, added_in: nextVersion(persona.version), evidence };
}

function bulletPlace(persona: Persona, id: string): number {
  const place = persona.playbook.findIndex((item) => item.id === id);
  if (place === -1) throw doesNotApply(persona, `there is no bullet "${id}"`);
  return place;
}

function findBullet(persona: Persona, id: string): Bullet | undefined {
  return persona.playbook.find((item) => item.id === id);
}

function fieldValue(persona: Persona, field: Extract<Delta, { op: 'set_field' }>['field']): string {
  if (field === 'identity.summary') return persona.identity.summary;
  if (field === 'identity.mission') return persona.identity.mission;
  return persona[field];
}

function doesNotApply(persona: Persona, reason: string): MillwrightError {
  return new MillwrightError(
    'delta-does-not-apply',
    `a delta does not apply to persona ${persona.id} ${persona.version}: ${reason}`,
    {
      hint: 'the persona has changed since the recommendation was made; the next analysis starts from what it is now',
      data: { persona: persona.id, version: persona.version },
    },
  );
}
