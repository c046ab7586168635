import { z } from 'zod';
import type { CellValue } from '../../git/read-cells.ts';
import type { CellSwap } from '../../git/swap-cells.ts';
import type { Workspace } from '../../ledger/workspace.ts';

/** The space of the cells that say who asks about what. */
const EXPLAIN_SPACE = 'explain';

/** Whoever holds a question for longer than this is taken for dead. Milliseconds. */
const HELD_MS = 30 * 60_000;

/** Questions that nobody else puts meanwhile. */
export interface Claims {
  readonly ids: ReadonlySet<string>;
  /** Lets them go, in one push. What cannot be let go is free after half an hour. */
  release(): Promise<void>;
}

/**
 * Takes questions before they are asked: of two passes at once only one pays. One cell a question; those that somebody
 * else has taken are left out, and those that were taken long ago are taken over. One push, two where some are old.
 */
export async function claimQuestions(workspace: Workspace, ids: readonly string[]): Promise<Claims> {
  const held = new Map<string, string>();
  const old = await take(workspace, new Map(ids.map((id) => [id, null])), held);
  await take(workspace, old, held);
  return { ids: new Set(held.keys()), release: () => letGo(workspace, held) };
}

/**
 * @param expected what each cell is believed to hold: a commit, or nothing
 * @returns those that are too old, with what they hold
 */
async function take(
  { cells, clock }: Workspace,
  expected: ReadonlyMap<string, string | null>,
  held: Map<string, string>,
): Promise<Map<string, string>> {
  const old = new Map<string, string>();
  if (expected.size === 0) return old;
  const now = clock.now();
  const swaps = [...expected].map(([id, commit]) => ({ ...claimOf(id, now), expected: commit }));
  const verdicts = await cells.swap(swaps, 'claim');
  for (const [at, { id }] of swaps.entries()) {
    const verdict = verdicts[at];
    if (verdict?.result === 'swapped' && verdict.commit !== null) held.set(id, verdict.commit);
    if (verdict?.result === 'taken' && verdict.by !== null && isOld(verdict.by, now))
      old.set(id, verdict.by.commit);
  }
  return old;
}

function claimOf(id: string, now: Date): Omit<CellSwap, 'expected'> {
  const content = `${JSON.stringify({ at: now.toISOString() })}\n`;
  const subject = `Ask a model about ${id}`;
  return { space: EXPLAIN_SPACE, id, next: { path: `queue/explain/${id}.json`, content, subject } };
}

const claim = z.object({ at: z.iso.datetime() });

/** A time far ahead was written by a clock that was wrong: to wait for it could mean to wait for years. */
function isOld({ content }: CellValue, now: Date): boolean {
  const at = timeOf(content.toString('utf8'));
  return at === undefined || Math.abs(now.getTime() - at) > HELD_MS;
}

function timeOf(text: string): number | undefined {
  try {
    return new Date(claim.parse(JSON.parse(text)).at).getTime();
  } catch {
    return undefined;
  }
}

async function letGo({ cells }: Workspace, held: ReadonlyMap<string, string>): Promise<void> {
  const swaps = [...held].map(([id, expected]) => ({ space: EXPLAIN_SPACE, id, expected, next: null }));
  if (swaps.length > 0) await cells.trySwap(swaps, 'claim');
}
