import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Workspace } from '../../ledger/workspace.ts';

export interface Attempts {
  /** False while an attempt that nobody answered is less than a day old, or any such attempt less than an hour. */
  mayTry(id: string): boolean;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const notes = z.record(z.string(), z.string());

/**
 * Questions that nobody answered: no network, no budget. They leave no record, because a later pass asks again;
 * these notes keep every pass of this machine from doing so. They lie in the cache: without them, one attempt
 * is made too many.
 */
export async function readAttempts(workspace: Workspace): Promise<Attempts> {
  const at = await readNotes(workspace);
  const now = workspace.clock.now().getTime();
  const last = Math.max(0, ...Object.values(at).map(time));
  return {
    // A note from the future is of a clock that was wrong.
    mayTry: (id) => !isWithin(now, last, HOUR_MS) && !isWithin(now, time(at[id] ?? ''), DAY_MS),
  };
}

/** Notes that a question was put and that nobody answered it. */
export async function noteAttempt(workspace: Workspace, id: string): Promise<void> {
  const now = workspace.clock.now();
  const recent = Object.entries(await readNotes(workspace)).filter(([, at]) =>
    isWithin(now.getTime(), time(at), DAY_MS),
  );
  const file = notesFile(workspace);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ ...Object.fromEntries(recent), [id]: now.toISOString() }));
  } catch {
    // A cache that cannot be written costs attempts, not results.
  }
}

async function readNotes(workspace: Workspace): Promise<Record<string, string>> {
  try {
    return notes.parse(JSON.parse(await readFile(notesFile(workspace), 'utf8')));
  } catch {
    return {};
  }
}

function notesFile({ cache }: Workspace): string {
  return join(cache, 'explain', 'attempts.json');
}

function time(at: string): number {
  const ms = new Date(at).getTime();
  return Number.isNaN(ms) ? 0 : ms;
}

function isWithin(now: number, at: number, ms: number): boolean {
  return at <= now && now - at < ms;
}
