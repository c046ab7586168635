import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Delta } from '../../src/contracts/delta.ts';
import type { Persona } from '../../src/contracts/persona.ts';
import { settings } from '../../src/contracts/settings.ts';
import { analyse } from '../../src/feedback/analyse.ts';
import type { OutcomeFigures } from '../../src/feedback/read-outcomes.ts';
import { applyDeltas } from '../../src/personas/apply-deltas.ts';
import { type PersonaFile, readPersona } from '../../src/personas/read-persona.ts';

const path = 'personas/solver.yaml';
const solver = readSolver();

/**
 * The routing that the solver ends with when every routing proposal is merged: analyse, apply, analyse again, with
 * the default settings, until nothing more is found.
 */
export function deriveRouting(figures: OutcomeFigures): Persona['routing'] {
  let file = solver;
  // Each round routes at least one more domain; the bound only keeps a mistake from running forever.
  for (let round = 0; round < 20; round += 1) {
    const { findings } = analyse(figures, [file.persona], settings.parse({}).analysis);
    const deltas = findings
      .filter(({ type }) => type === 'routing')
      .flatMap((finding) => finding.deltas ?? []);
    if (deltas.length === 0) return file.persona.routing;
    file = applied(file, deltas);
  }
  throw new Error('the routing does not settle');
}

/** Most splits find the same few changes, and editing a file takes as long as finding them. */
const known = new Map<string, PersonaFile>();

function applied(file: PersonaFile, deltas: readonly Delta[]): PersonaFile {
  const key = JSON.stringify([file.text, deltas]);
  const found = known.get(key) ?? applyDeltas(file, deltas);
  known.set(key, found);
  return found;
}

function readSolver(): PersonaFile {
  const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
  const read = readPersona(path, text);
  if (!read.ok) throw new Error(`${path} cannot be read`);
  return read.file;
}
