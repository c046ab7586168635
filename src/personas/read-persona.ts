import { describeZodIssues } from '../contracts/describe-zod.ts';
import { describeIssue, type Issue } from '../contracts/issue.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { parseBytes } from '../contracts/parse-text.ts';
import { type Persona, persona } from '../contracts/persona.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { isRegularFile } from '../git/tree.ts';

/** A persona file as people wrote it, and what it says. */
export interface PersonaFile {
  readonly path: string;
  readonly text: string;
  readonly persona: Persona;
}

export type PersonaRead =
  | { readonly ok: true; readonly file: PersonaFile }
  | { readonly ok: false; readonly path: string; readonly issues: readonly Issue[] };

/** Holds a persona file against the schema. Every problem comes with its line. */
export function readPersona(path: string, text: string): PersonaRead {
  const read = parseBytes(Buffer.from(text), '.yaml');
  if (!read.ok) return { ok: false, path, issues: read.issues };
  const parsed = persona.safeParse(read.data);
  if (!parsed.success)
    return {
      ok: false,
      path,
      issues: describeZodIssues(parsed.error, read.data, read.lineOf, Object.keys(persona.shape)),
    };
  const fileName = `${parsed.data.id}.yaml`;
  if (path.endsWith(`/${fileName}`)) return { ok: true, file: { path, text, persona: parsed.data } };
  const issue = {
    line: read.lineOf(['id']),
    field: 'id',
    expected: 'the name of the file',
    found: JSON.stringify(parsed.data.id),
  };
  return { ok: false, path, issues: [issue] };
}

/**
 * The personas of a folder, the readable and the unreadable, by file name.
 * @param only ids to read; absent: all of them
 */
export async function readRoster(
  snapshot: Snapshot,
  folder: string,
  only?: ReadonlySet<string>,
): Promise<PersonaRead[]> {
  const files = (await snapshot.list(folder)).filter((entry) => {
    const wanted = only === undefined || only.has(entry.name.replace(/\.yaml$/, ''));
    return wanted && isRegularFile(entry) && entry.name.endsWith('.yaml');
  });
  return Promise.all(
    files.map(async (entry) =>
      readPersona(`${folder}/${entry.name}`, (await snapshot.blob(entry.oid)).toString('utf8')),
    ),
  );
}

export function personaError(path: string, issues: readonly Issue[]): MillwrightError {
  return new MillwrightError('bad-persona', issues.map((issue) => describeIssue(path, issue)).join('\n'), {
    hint: 'the fields are described in personas/README.md',
    data: { path, issues },
  });
}
