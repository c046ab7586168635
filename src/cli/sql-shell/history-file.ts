import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { maskSecrets } from '../../contracts/secrets.ts';

/** What was asked before, oldest first, one entry a line. */
export interface HistoryFile {
  readonly entries: readonly string[];
  /** Keeps an entry for the next time. Secrets are masked. Rejects when the disk refuses it. */
  add(entry: string): Promise<void>;
}

export const MOST_ENTRIES = 1_000;

/**
 * Entries are appended, each in one write, so that shells that are open side by side all keep theirs. The file is
 * for its owner alone, is never followed to somewhere else, and is cut to the newest entries when it is opened.
 */
export async function openHistoryFile(path: string): Promise<HistoryFile> {
  const found = (await readIfThere(path)).split('\n').filter((entry) => entry !== '');
  const entries = found.slice(-MOST_ENTRIES);
  if (found.length > MOST_ENTRIES) await replace(path, entries);
  let last = entries.at(-1);
  return {
    entries,
    add: async (entry) => {
      const line = maskSecrets(entry)
        .replaceAll(/\s*[\r\n]+\s*/g, ' ')
        .trim();
      if (line === '' || line === last) return;
      last = line;
      await append(path, `${line}\n`);
    },
  };
}

async function readIfThere(path: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await readFile(file, 'utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

const OWNER_ONLY = 0o600;

async function replace(path: string, entries: readonly string[]): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(`${entries.join('\n')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

async function append(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, APPEND, OWNER_ONLY);
  try {
    await file.chmod(OWNER_ONLY);
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}
