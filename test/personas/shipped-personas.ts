import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeIssue } from '../../src/contracts/issue.ts';
import { type PersonaFile, readPersona } from '../../src/personas/read-persona.ts';

const folder = fileURLToPath(new URL('../../personas/', import.meta.url));

/** Names of the persona files that this package ships. */
export const shippedNames = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

export function shippedText(name: string): string {
  return readFileSync(`${folder}${name}`, 'utf8');
}

/** Reads a persona and throws when it is not one: for tests that are about something else. */
export function mustRead(path: string, text: string): PersonaFile {
  const read = readPersona(path, text);
  if (!read.ok) throw new Error(read.issues.map((issue) => describeIssue(path, issue)).join('\n'));
  return read.file;
}

export function shippedPersona(id: string): PersonaFile {
  return mustRead(`personas/${id}.yaml`, shippedText(`${id}.yaml`));
}
