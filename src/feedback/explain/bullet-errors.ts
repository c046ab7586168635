import type { Persona } from '../../contracts/persona.ts';
import type { PersonaFile } from '../../personas/read-persona.ts';
import { cleanLine } from './clean-line.ts';
import type { DraftAnswer } from './draft-answer.ts';

type BulletChange = DraftAnswer['bullets'][number];

/** What is wrong with one change of a playbook: for the model, with its place. Pure. */
export function bulletErrors(
  change: BulletChange,
  place: string,
  { bullets }: DraftAnswer,
  persona: PersonaFile | undefined,
): string[] {
  if (persona === undefined) return [];
  const before = bulletOf(persona.persona, change.id);
  const twice = bullets.filter(({ id }) => id === change.id).length > 1;
  const words = change.op === 'remove_bullet' ? change.why : change.text;
  return [
    ...(twice ? [`${place}.id: expected each bullet once, found ${change.id} more often`] : []),
    ...(change.op === 'add_bullet' && before !== undefined
      ? [`${place}.id: expected a new id, found ${change.id}, which is there; update it instead`]
      : []),
    ...(change.op !== 'add_bullet' && before === undefined
      ? [`${place}.id: expected the id of a bullet of ${persona.persona.id}, found ${change.id}`]
      : []),
    ...(change.op === 'update_bullet' && before?.text === cleanLine(change.text)
      ? [`${place}.text: expected another text than the bullet has`]
      : []),
    ...(cleanLine(words) === '' ? [`${place}: expected words`] : []),
    ...(placeOnDisk.test(words)
      ? [`${place}: expected advice that holds for other work too, found a path of one machine`]
      : []),
  ];
}

/** From the root, from somebody's home, upwards, or with a drive: nothing that advice could need. */
const placeOnDisk = /(?:^|[\s"'`(=:])(?:\/[\w.-]+\/[\w.-]|~\/|\.\.[/\\]|[A-Za-z]:\\|file:\/\/)|\/\.\.\//;

function bulletOf({ playbook }: Persona, id: string) {
  return playbook.find((bullet) => bullet.id === id);
}
