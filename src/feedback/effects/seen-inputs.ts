import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const seenFile = z.record(z.string(), z.string());

/** What each patch was last measured from, where that gave nothing to record. By patch. */
export type SeenInputs = Readonly<Record<string, string>>;

/** A projection like all of the cache: without it the same is measured once more. */
export async function readSeenInputs(cache: string): Promise<SeenInputs> {
  try {
    return seenFile.parse(JSON.parse(await readFile(join(cache, FILE), 'utf8')));
  } catch {
    return {};
  }
}

/** A cache that cannot be written is only slower. */
export async function writeSeenInputs(cache: string, seen: SeenInputs): Promise<void> {
  const temporary = join(cache, `${FILE}.${process.pid}.tmp`);
  try {
    await mkdir(cache, { recursive: true });
    await writeFile(temporary, JSON.stringify(seen));
    await rename(temporary, join(cache, FILE));
  } catch {
    return;
  }
}

const FILE = 'effects.json';
