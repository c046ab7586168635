import { type Delta, describeDelta } from '../../contracts/delta.ts';
import type { Persona } from '../../contracts/persona.ts';
import { deltaHolds } from '../../personas/apply-deltas.ts';

/** What takes a change back, or why nothing can without overwriting what a person did. */
export type Inverse = { readonly deltas: readonly Delta[] } | { readonly problem: string };

/**
 * The deltas that bring a persona back to what it was, last change first. What already is as it was is left out. A
 * change that no longer is as the patch made it was touched by a person, and nothing is undone then. Pure.
 * @param before the persona before the patch
 * @param now the persona that holds the patch
 * @param why at least five words, for the bullets that go
 */
export function inverseDeltas(deltas: readonly Delta[], before: Persona, now: Persona, why: string): Inverse {
  const backs = lastOfEach(deltas)
    .reverse()
    .map((change) => ({ change, back: inverseOf(change, before, why) }));
  const touched = backs.find(
    ({ change, back }) => !deltaHolds(now, change) && (back === undefined || !deltaHolds(now, back)),
  );
  if (touched !== undefined)
    return { problem: `"${describeDelta(touched.change)}" no longer is as the patch made it` };
  const wanted = backs.flatMap(({ back }) => (back === undefined ? [] : [back]));
  const lacks = (change: Delta) => !deltaHolds(now, change);
  // A route that equals the default has to be named when the same hand moves the default.
  const movesDefault = wanted.some((back) => back.op === 'set_route' && back.domain === null && lacks(back));
  return { deltas: wanted.filter((back) => lacks(back) || (movesDefault && back.op === 'set_route')) };
}

/** What a patch says twice is taken back once. */
function lastOfEach(deltas: readonly Delta[]): Delta[] {
  return deltas.filter((change, at) => {
    const target = targetOf(change);
    return !deltas.slice(at + 1).some((later) => targetOf(later) === target);
  });
}

function targetOf(change: Delta): string {
  if (change.op === 'set_route' || change.op === 'unset_route')
    return JSON.stringify(['route', change.domain]);
  return JSON.stringify(change.op === 'set_field' ? ['field', change.field] : ['bullet', change.id]);
}

/** undefined: the change said what was so before, and there is nothing to go back to. */
function inverseOf(change: Delta, before: Persona, why: string): Delta | undefined {
  switch (change.op) {
    case 'set_route':
      return change.domain === null
        ? { op: 'set_route', domain: null, model: before.routing.default }
        : routeBack(change.domain, before);
    case 'unset_route':
      return routeBack(change.domain, before);
    case 'set_field':
      return { op: 'set_field', field: change.field, value: fieldOf(before, change.field) };
    default:
      return bulletBack(change, before, why);
  }
}

function routeBack(domain: string, { routing }: Persona): Delta {
  const model = Object.hasOwn(routing.domains, domain) ? routing.domains[domain] : undefined;
  return model === undefined ? { op: 'unset_route', domain } : { op: 'set_route', domain, model };
}

type BulletChange = Extract<Delta, { op: 'add_bullet' | 'update_bullet' | 'remove_bullet' }>;

function bulletBack({ op, id }: BulletChange, { playbook }: Persona, why: string): Delta | undefined {
  const old = playbook.find((bullet) => bullet.id === id);
  if (old === undefined) return op === 'add_bullet' ? { op: 'remove_bullet', id, why } : undefined;
  const { section, text, evidence } = old;
  if (op === 'remove_bullet')
    return { op: 'add_bullet', id, section, text, evidence: evidence.slice(0, 200) };
  return { op: 'update_bullet', id, text };
}

function fieldOf(persona: Persona, field: Extract<Delta, { op: 'set_field' }>['field']): string {
  switch (field) {
    case 'identity.summary':
      return persona.identity.summary;
    case 'identity.mission':
      return persona.identity.mission;
    default:
      return persona[field];
  }
}
