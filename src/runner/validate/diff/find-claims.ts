import { extname } from 'node:path';
import { parseBytes } from '../../../contracts/parse-text.ts';
import type { FileVersion } from '../../../git/file-changes.ts';
import { isRegularFile } from '../../../git/tree.ts';
import { INBOX } from '../../../ledger/paths.ts';
import { claimIn } from './claim-in.ts';
import type { SegmentLine } from './compare-lines.ts';
import type { DiffGround } from './diff-ground.ts';
import type { NamedClaim } from './judge-claim.ts';
import { trailer } from './trailer.ts';

/** A claim, and where the change names it. */
export interface FoundClaim {
  readonly claim: NamedClaim;
  /** Empty for a commit. */
  readonly path: string;
  readonly line?: number;
  readonly field?: string;
  /** Where it stands, in words. */
  readonly where: string;
}

/**
 * Every claim that the change names: in contracts that wait, in files of the queue, in records that were added by
 * hand, and in what commits say of themselves.
 * @param lines that were added to machine-written files by people
 */
export async function findClaims(ground: DiffGround, lines: readonly SegmentLine[]): Promise<FoundClaim[]> {
  return [...(await inFiles(ground)), ...inLines(lines), ...inCommits(ground)];
}

async function inFiles({ changes, atHead, settings }: DiffGround): Promise<FoundClaim[]> {
  const folders = [`${INBOX}/`, 'queue/claims/'];
  const mine = changes.flatMap(({ path, after }) =>
    after !== undefined && folders.some((folder) => path.startsWith(folder)) ? [{ path, after }] : [],
  );
  const sizes = await atHead.sizes(mine.map(({ after }) => after.oid));
  const readable = mine.filter(({ after }) => isReadable(after, sizes, settings.limits.contract_bytes));
  const found: FoundClaim[] = [];
  for (let at = 0; at < readable.length; at += READ_AT_ONCE) {
    const some = readable.slice(at, at + READ_AT_ONCE);
    const contents = await Promise.all(some.map(({ after }) => atHead.blob(after.oid)));
    found.push(...some.flatMap(({ path }, n) => inFile(path, contents[n] ?? Buffer.alloc(0))));
  }
  return found;
}

const READ_AT_ONCE = 64;

/** Most contracts name no slot, and reading one with its lines takes time. An escape could hide the name. */
function inFile(path: string, content: Buffer): FoundClaim[] {
  if (!content.includes('slot_id') && !content.includes('\\')) return [];
  const read = parseBytes(content, extname(path).toLowerCase());
  const claim = read.ok ? claimIn(read.data) : undefined;
  if (!read.ok || claim === undefined) return [];
  const line = read.lineOf(['token']) ?? read.lineOf(['extra', 'token']);
  return [{ claim, path, ...(line === undefined ? {} : { line }), field: 'token', where: 'this file' }];
}

function isReadable(version: FileVersion, sizes: ReadonlyMap<string, number>, limit: number): boolean {
  return isRegularFile({ name: '', ...version }) && (sizes.get(version.oid) ?? limit + 1) <= limit;
}

function inLines(lines: readonly SegmentLine[]): FoundClaim[] {
  return lines.flatMap(({ path, line, text }) => {
    const claim = claimIn(jsonOf(text));
    return claim === undefined ? [] : [{ claim, path, line, field: 'token', where: 'this record' }];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Of several commits for one slot the newest counts: whoever holds the slot now may build on what was there. */
function inCommits({ commits }: DiffGround): FoundClaim[] {
  const found = new Map<string, FoundClaim>();
  for (const commit of commits) {
    const token = trailer(commit, 'Millwright-Token') ?? '';
    const named = {
      slot_id: trailer(commit, 'Millwright-Slot'),
      token: /^\d+$/.test(token) ? Number(token) : '',
    };
    const claim = claimIn(named);
    if (claim === undefined || found.has(claim.slot)) continue;
    found.set(claim.slot, { claim, path: '', where: `commit ${commit.oid.slice(0, 10)}` });
  }
  return [...found.values()];
}
