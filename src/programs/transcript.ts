import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';

/** What an agent and the smoke test printed, in one file, as it came. */
export interface Transcript {
  /** Absolute path. */
  readonly path: string;
  /** @param text with its secrets masked already */
  write(text: string): void;
  close(): Promise<void>;
}

/** Only this user may read it: agents print what they see. A full disk costs the transcript, not the work. */
export async function openTranscript(path: string): Promise<Transcript> {
  await mkdir(dirname(path), { recursive: true });
  const stream = createWriteStream(path, { mode: 0o600 });
  stream.on('error', () => undefined);
  return {
    path,
    write: (text) => {
      if (text !== '' && !stream.destroyed) stream.write(text);
    },
    close: async () => {
      stream.end();
      await finished(stream).catch(() => undefined);
    },
  };
}
