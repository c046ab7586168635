import { dirname, join, normalize } from 'node:path/posix';
import { importsOf, type SourceFile } from './source-files.ts';

/** Rooms by layer, lowest first. A file imports its own room, or rooms of a lower layer; never one beside it. */
export const layers: readonly (readonly string[])[] = [
  ['contracts'],
  ['git', 'programs'],
  ['ledger'],
  ['queue', 'audit', 'forge', 'history', 'plots', 'llm', 'prompts', 'personas'],
  ['feedback', 'preference', 'flywheel', 'agents', 'factory'],
  ['runner'],
  ['cli', 'server', 'dashboard'],
];

/** Every import that the layers forbid, as a sentence: file, import, rule. */
export function layerViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    relativeTargets(path, text).flatMap((target) => {
      const from = roomOf(path);
      const to = roomOf(target);
      if (from === to) return [];
      const [rank, other] = [rankOf(from), rankOf(to)];
      if (rank === undefined) return [`${path}: "${from}" is not a room of any layer`];
      if (other === undefined) return [`${path}: imports ${target}, which is in no room`];
      return other < rank
        ? []
        : [`${path}: imports ${target}, but ${from} may only import from layers below it`];
    }),
  );
}

/** Every circle of files that import each other, as the path around it. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const targets = new Map(files.map(({ path, text }) => [path, relativeTargets(path, text)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) cycles.push([...trail.slice(at), path].join(' -> '));
    if (at !== -1 || done.has(path)) return;
    for (const next of targets.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return cycles;
}

function relativeTargets(path: string, text: string): string[] {
  return importsOf(text)
    .filter((target) => target.startsWith('.'))
    .map((target) => normalize(join(dirname(path), target)));
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function rankOf(room: string): number | undefined {
  const rank = layers.findIndex((rooms) => rooms.includes(room));
  return rank === -1 ? undefined : rank;
}
