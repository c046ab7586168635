import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderBounds {
  readonly mostFiles: number;
  readonly mostBytes: number;
}

const usual: FolderBounds = { mostFiles: 400, mostBytes: 64_000_000 };

/**
 * Writes a file that only this user may read, whole or not at all, and keeps the folder within bounds: what was
 * written longest ago goes. A folder that cannot be written to is only slower.
 */
export async function keepPrivate(
  folder: string,
  name: string,
  text: string,
  bounds: FolderBounds = usual,
): Promise<void> {
  const unfinished = join(folder, `${name}.${process.pid}.tmp`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(unfinished, text, { mode: 0o600 });
    await rename(unfinished, join(folder, name));
    await sweep(folder, bounds);
  } catch {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}

async function sweep(folder: string, { mostFiles, mostBytes }: FolderBounds): Promise<void> {
  const names = await readdir(folder);
  const found = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return { name, size, mtimeMs };
    }),
  );
  let bytes = found.reduce((sum, { size }) => sum + size, 0);
  let files = found.length;
  for (const { name, size } of found.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (files <= mostFiles && bytes <= mostBytes) return;
    await rm(join(folder, name), { force: true });
    files -= 1;
    bytes -= size;
  }
}
