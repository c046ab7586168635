import { isDeepStrictEqual } from 'node:util';
import type { Persona } from '../../contracts/persona.ts';

/** Whether two persona files say the same to an agent. Votes on bullets and the order of routes do not matter. Pure. */
export function samePersona(a: Persona, b: Persona): boolean {
  return isDeepStrictEqual(withoutVotes(a), withoutVotes(b));
}

function withoutVotes({ playbook, ...rest }: Persona) {
  return { ...rest, playbook: playbook.map(({ helpful: _up, harmful: _down, ...bullet }) => bullet) };
}
