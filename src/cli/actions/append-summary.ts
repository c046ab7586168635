import { appendFile, stat } from 'node:fs/promises';
import { maskSecrets } from '../../contracts/secrets.ts';
import type { Io } from '../command.ts';
import { inertWords } from './inert-words.ts';

/** GitHub takes no summary of a step that is larger. Bytes. */
export const MOST_SUMMARY = 1_048_576;

const CUT = '\n\n(The rest did not fit into this summary.)\n';

/**
 * Adds markdown to the summary of a step of GitHub Actions: the file that GITHUB_STEP_SUMMARY names. Without one it does
 * nothing. What does not fit is cut at the end of a line. A summary that cannot be written is a warning, never a failure.
 * @param markdown texts from outside in it are escaped already
 */
export async function appendSummary(io: Io, markdown: string): Promise<void> {
  const path = io.env.GITHUB_STEP_SUMMARY ?? '';
  if (path === '') return;
  try {
    const held = await sizeOf(path);
    const text = fitting(`${maskSecrets(markdown).trimEnd()}\n\n`, MOST_SUMMARY - held);
    if (text !== '') await appendFile(path, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    io.err(inertWords(io, `warning: the summary of this step could not be written: ${maskSecrets(why)}\n`));
  }
}

/** A pipe would be waited for without an end. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found !== undefined && !found.isFile()) throw new Error('GITHUB_STEP_SUMMARY names no regular file');
  return found?.size ?? 0;
}

function fitting(text: string, room: number): string {
  if (Buffer.byteLength(text) <= room) return text;
  const bytes = Buffer.from(text).subarray(0, Math.max(0, room - CUT.length));
  const end = bytes.lastIndexOf('\n');
  return end <= 0 ? '' : `${bytes.subarray(0, end).toString('utf8')}${CUT}`;
}
