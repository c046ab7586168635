import { mkdtemp, realpath, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess } from '../support/run-process.ts';

export interface SmallDisk extends AsyncDisposable {
  readonly dir: string;
  /** Fills the disk up to `free` bytes. Called again, it fills it anew. */
  leave(free: number): Promise<void>;
}

/** A disk of its own of a few megabytes; undefined where this process may not mount one. */
export async function smallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'millwright-disk-')));
  const mounted = await runProcess('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir], {
    env: process.env,
  }).catch(() => ({ code: 1 }));
  if (mounted.code !== 0) {
    await rm(dir, { recursive: true });
    return undefined;
  }
  const filler = join(dir, 'filler');
  return {
    dir,
    leave: async (free) => {
      await rm(filler, { force: true });
      const { bavail, bsize } = await statfs(dir);
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - free)));
    },
    [Symbol.asyncDispose]: async () => {
      await runProcess('umount', ['-l', dir], { env: process.env });
      await rm(dir, { recursive: true });
    },
  };
}
