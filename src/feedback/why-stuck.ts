import { describeIssue } from '../contracts/issue.ts';
import { personaPath } from '../ledger/paths.ts';
import type { PersonaRead } from '../personas/read-persona.ts';
import type { PatchEntry } from './feedback-state.ts';

/** Why the change of a patch cannot be made on the present base. Pure. */
export function whyStuck(
  roster: readonly PersonaRead[],
  { persona_id: id }: Pick<PatchEntry, 'persona_id'>,
): string {
  const path = personaPath(id);
  if (roster.some((read) => read.ok && read.file.persona.id === id))
    return `what it changes in ${path} is not there any more`;
  const broken = roster.find((read) => !read.ok && read.path === path);
  if (broken === undefined || broken.ok) return `the base branch has no ${path}`;
  const [issue] = broken.issues;
  return issue === undefined ? `${path} breaks its schema` : describeIssue(path, issue);
}
