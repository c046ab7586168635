import { type CommitDraft, commitBody } from './commit-body.ts';
import { newObject } from './object-oid.ts';
import type { NewObject } from './ref-transport.ts';
import { safeParts } from './safe-parts.ts';
import { type Mode, treeBody } from './tree.ts';

/**
 * The commit of a cell and all that it needs, made in memory: a tree with one file under its usual path. The
 * commit comes last. Throws `unsafe-path`.
 */
export function cellCommit(
  path: string,
  content: string | Uint8Array,
  draft: Omit<CommitDraft, 'tree'>,
): NewObject[] {
  const objects = [newObject('blob', Buffer.from(content))];
  let mode: Mode = '100644';
  for (const name of safeParts(path).reverse()) {
    const oid = objects.at(-1)?.oid ?? '';
    objects.push(newObject('tree', treeBody([{ name, mode, oid }])));
    mode = '040000';
  }
  return [...objects, newObject('commit', commitBody({ ...draft, tree: objects.at(-1)?.oid ?? '' }))];
}
