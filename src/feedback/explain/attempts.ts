import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { oneLine } from '../../contracts/issue.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { llmSetup } from './llm-setup.ts';
import { hasOpenBatch } from './open-batch.ts';

/** A question that is left alone for a while. */
export interface HeldBack {
  /** UTC. */
  readonly until: string;
  /** Why nobody answered, in one line. */
  readonly reason: string;
}

export interface Attempts {
  /**
   * Until when a question is left alone: nobody answered it less than a day ago (an hour while a batch may hold the
   * answer), or nobody answered any question less than an hour ago. Undefined: it may be put.
   */
  heldBack(id: string): HeldBack | undefined;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const note = z.object({ at: z.iso.datetime(), until: z.iso.datetime(), reason: z.string() });
type Note = z.infer<typeof note>;
const noteFile = z.object({ setup: z.string(), notes: z.record(z.string(), note) });

/**
 * Questions that nobody answered: no network, no budget. They leave no record, because a later pass asks again;
 * these notes keep every pass of this machine from doing so, until the settings of models or their keys change.
 * They lie in the cache: without them, one attempt is made too many.
 */
export async function readAttempts(workspace: Workspace): Promise<Attempts> {
  const notes = await readNotes(workspace);
  const now = workspace.clock.now();
  const newest = Object.values(notes).sort((a, b) => (a.at < b.at ? 1 : -1))[0];
  const pause = newest === undefined ? undefined : { ...newest, until: later(newest.at, HOUR_MS) };
  return {
    heldBack: (id) => {
      const holds = [notes[id], pause].flatMap((one) => (one !== undefined && isHeld(one, now) ? [one] : []));
      const [last] = holds.sort((a, b) => (a.until < b.until ? 1 : -1));
      return last === undefined ? undefined : { until: last.until, reason: last.reason };
    },
  };
}

/** Notes that a question was put and that nobody answered it. */
export async function noteAttempt(workspace: Workspace, id: string, reason: string): Promise<void> {
  const now = workspace.clock.now();
  const at = now.toISOString();
  const wait = (await hasOpenBatch(workspace)) ? HOUR_MS : DAY_MS;
  const recent = Object.entries(await readNotes(workspace)).filter(([, one]) => isHeld(one, now));
  const words = oneLine(maskSecrets(reason)).trim().slice(0, 500);
  const notes = { ...Object.fromEntries(recent), [id]: { at, until: later(at, wait), reason: words } };
  const file = notesFile(workspace);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ setup: llmSetup(workspace, process.env), notes }));
  } catch {
    // A cache that cannot be written costs attempts, not results.
  }
}

/** None of another setup: what was missing then may be there now. */
async function readNotes(workspace: Workspace): Promise<Readonly<Record<string, Note>>> {
  try {
    const { setup, notes } = noteFile.parse(JSON.parse(await readFile(notesFile(workspace), 'utf8')));
    return setup === llmSetup(workspace, process.env) ? notes : {};
  } catch {
    return {};
  }
}

function notesFile({ cache }: Workspace): string {
  return join(cache, 'explain', 'attempts.json');
}

function later(at: string, ms: number): string {
  return new Date(new Date(at).getTime() + ms).toISOString();
}

/** A note from the future is of a clock that was wrong. */
function isHeld({ at, until }: Pick<Note, 'at' | 'until'>, now: Date): boolean {
  const iso = now.toISOString();
  return at <= iso && iso < until;
}
