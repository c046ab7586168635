import { decodePath } from './path-text.ts';
import { gitBytes } from './program.ts';
import type { Oid } from './repository.ts';
import type { Mode } from './tree.ts';

export interface FileVersion {
  readonly mode: Mode;
  readonly oid: Oid;
}

/** How one path differs between two trees. undefined: the path is absent on that side. */
export interface FileChange {
  readonly path: string;
  readonly before: FileVersion | undefined;
  readonly after: FileVersion | undefined;
}

/** All files that differ between two commits or trees, by `git diff-tree`. */
export async function fileChanges(cwd: string, from: Oid, to: Oid): Promise<FileChange[]> {
  const raw = await gitBytes(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', from, to], {
    cwd,
  });
  const fields = nulFields(raw);
  const changes: FileChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const match = /^:(\d{6}) (\d{6}) ([0-9a-f]{40}) ([0-9a-f]{40}) /.exec(fields[at] ?? '');
    const path = fields[at + 1];
    if (match === null || path === undefined) continue;
    changes.push({ path, before: version(match[1], match[3]), after: version(match[2], match[4]) });
  }
  return changes;
}

/** The fields of an answer to a command with `-z`. */
export function nulFields(raw: Buffer): string[] {
  const fields = raw.toString('latin1').split('\0');
  return fields.map((field) => decodePath(Buffer.from(field, 'latin1')));
}

function version(mode = '000000', oid = ''): FileVersion | undefined {
  return mode === '000000' ? undefined : { mode: mode as Mode, oid };
}

export function sameVersion(a: FileVersion | undefined, b: FileVersion | undefined): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode;
}
