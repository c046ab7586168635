import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface SourceFile {
  /** Path below the folder that was read, with "/". */
  readonly path: string;
  readonly text: string;
}

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Every TypeScript file below a folder of the repository. */
export async function readSources(folder: string): Promise<SourceFile[]> {
  const entries = await readdir(`${repositoryRoot}${folder}`, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name));
  const sources = await Promise.all(
    files.map(async (entry) => {
      const full = `${entry.parentPath}/${entry.name}`;
      return { path: full.slice(`${repositoryRoot}${folder}/`.length), text: await readFile(full, 'utf8') };
    }),
  );
  return sources.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What a file imports, types included, static or not. */
export function importsOf(text: string): string[] {
  const found = text.matchAll(
    /(?:^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*|\bimport\s*\(\s*|^\s*import\s+)(['"])([^'"]+)\1/gm,
  );
  return [...found].map((match) => match[2] ?? '');
}
