import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { medianOf } from '../measure.ts';

/** Median milliseconds until a small file is on the disk: a server pays it for every ref that it moves. */
export async function fsyncMs(folder: string): Promise<number> {
  return medianOf(20, async () => {
    const file = await open(join(folder, 'fsync'), 'w');
    const since = performance.now();
    await file.writeFile('0123456789012345678901234567890123456789\n');
    await file.sync();
    const ms = performance.now() - since;
    await file.close();
    return ms;
  });
}
