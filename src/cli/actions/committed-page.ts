import { basename } from 'node:path';
import type { RejectedContract } from '../../ledger/controller.ts';
import { errorPagePath } from './error-page-path.ts';

/**
 * The page beside a refused file, where the history has it. Undefined for a file that holds a secret or is too
 * large: it stays on the machine with its page, and git ignores both.
 */
export function committedPage(rejected: Pick<RejectedContract, 'path' | 'to'>): string | undefined {
  const [before, now] = [basename(rejected.path), basename(rejected.to)];
  const isLocal = /\.local(?:\.[^.]*)?$/.test(now) && now !== before;
  return isLocal ? undefined : errorPagePath(rejected);
}
