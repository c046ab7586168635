import type { Oid } from '../git/repository.ts';
import { INBOX } from './paths.ts';

/** Where a contract file waits: on the ledger branch, uncommitted in the work tree, or in a cell. */
export type InboxPlace = 'committed' | 'work-tree' | 'cell';

/** A file of the inbox that nobody has looked at yet. */
export interface InboxFile {
  /** Path in the workspace, `queue/inbox/<kind>/<name>`. */
  readonly path: string;
  readonly place: InboxPlace;
  readonly bytes: number;
  /** Blob id of its content; of a symlink, of its target; of a submodule, its commit. */
  readonly oid: Oid;
  readonly shape: 'file' | 'symlink' | 'submodule';
  /** Milliseconds since the last write; undefined when that cannot matter. */
  readonly ageMs?: number;
  /** The commit of the cell that holds it. */
  readonly cell?: { readonly id: string; readonly commit: Oid };
  /** Reads the content; of a symlink, the target. Only called for files of acceptable size. */
  read(): Promise<Buffer>;
}

/** The parts of a path below the inbox; none for a path that is not there. */
export function placeInInbox(path: string): string[] {
  return path.startsWith(`${INBOX}/`) ? path.slice(INBOX.length + 1).split('/') : [];
}

/** Names that editors and downloads use while a file is not finished, and files that explain folders. */
export function isIgnoredName(name: string): boolean {
  return name.startsWith('.') || name === 'README.md' || /(?:~|\.tmp|\.part|\.swp|\.crdownload)$/.test(name);
}
