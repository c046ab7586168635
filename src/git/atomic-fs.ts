import { randomBytes } from 'node:crypto';
import * as files from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The file system that isomorphic-git writes through. Its own way of writing an object is in place:
 * a process killed there leaves half an object under the final name, which it then takes for a whole
 * one forever. Here every write goes to a temporary name, to the disk, and then into place.
 */
export const atomicFs = {
  promises: {
    ...files,
    writeFile: async (path: string, data: Uint8Array | string): Promise<void> => {
      // Under this name git itself takes what a killed process left for rubbish, and sweeps it out.
      const temporary = join(dirname(path), `tmp_obj_${randomBytes(6).toString('hex')}`);
      const handle = await files.open(temporary, 'wx', 0o444);
      try {
        await handle.writeFile(data);
        await handle.sync();
      } catch (error) {
        await handle.close();
        await files.rm(temporary, { force: true });
        throw error;
      }
      await handle.close();
      await files.rename(temporary, path);
    },
  },
};
