import { randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync } from 'node:fs';
import { link, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { AnswerSink } from './answers/answer-sink.ts';
import type { Io } from './command.ts';

/** Where an answer goes. A file appears under its name when it is whole, or not at all. */
export interface Output extends AnswerSink {
  /** A path at which nothing is yet, for what writes files itself. */
  readonly path: string;
  finish(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * The standard output, or a new file. Throws `usage` for bytes on a terminal, `file-exists`.
 * @param bytes true for a form that is not text
 */
export async function openOutput(out: unknown, io: Io, bytes: boolean): Promise<Output> {
  if (typeof out === 'string') return newFile(resolve(io.cwd, out), out);
  if (bytes && io.terminal)
    throw new MillwrightError('usage', 'this format is not text, and would spoil the terminal', {
      hint: 'add --out FILE, or send it into a pipe',
    });
  return standardOutput(io);
}

async function newFile(path: string, shown: string): Promise<Output> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (exists) throw fileExists(shown);
  const unfinished = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`);
  let file: Awaited<ReturnType<typeof open>> | undefined;
  return {
    path: unfinished,
    write: async (piece) => {
      file ??= await open(unfinished, 'wx').catch((cause: unknown) => {
        throw cannotWrite(shown, cause);
      });
      await file.write(typeof piece === 'string' ? Buffer.from(piece) : piece);
    },
    finish: async () => {
      file ??= await open(unfinished, 'a');
      await file.close();
      // A link never replaces what somebody else has put there meanwhile.
      await link(unfinished, path).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'EEXIST' ? fileExists(shown) : cannotWrite(shown, cause);
      });
      await rm(unfinished, { force: true });
    },
    discard: async () => {
      await file?.close().catch(() => undefined);
      await rm(unfinished, { force: true });
    },
  };
}

/** What writes files itself writes one that is then passed on; its folder is there from the first look at the path. */
function standardOutput(io: Io): Output {
  let folder: string | undefined;
  const discard = async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  return {
    get path() {
      folder ??= mkdtempSync(join(tmpdir(), 'millwright-answer-'));
      return join(folder, 'answer');
    },
    write: io.pipe,
    finish: async () => {
      if (folder !== undefined)
        for await (const piece of createReadStream(join(folder, 'answer'))) await io.pipe(piece as Buffer);
      await discard();
    },
    discard,
  };
}

function fileExists(path: string): MillwrightError {
  return new MillwrightError('file-exists', `${path} is there already`, {
    hint: 'name a file that does not exist yet',
  });
}

function cannotWrite(path: string, cause: unknown): MillwrightError {
  return new MillwrightError(
    'no-file',
    `cannot write ${path}: ${cause instanceof Error ? cause.message : ''}`,
    {
      hint: 'name a file in a folder that exists and that you may write to',
      cause,
    },
  );
}
