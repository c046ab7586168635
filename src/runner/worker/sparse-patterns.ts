import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What an agent does not get to see: the history and the live queue, which only grow and are not its business.
 * With a partial mirror none of it is ever transferred.
 */
const patterns = [
  '/*',
  '!/state/*/[0-9][0-9][0-9][0-9]-[0-9][0-9]/',
  '!/queue/inbox/',
  '!/queue/items/',
  '!/queue/slots/',
  '!/queue/dead/',
  '!/queue/rejected/',
];

/** Says which paths a work tree has. Where git looks for it: in the git folder of that work tree. */
export async function writeSparsePatterns(gitDir: string): Promise<void> {
  await mkdir(join(gitDir, 'info'), { recursive: true });
  await writeFile(join(gitDir, 'info', 'sparse-checkout'), `${patterns.join('\n')}\n`);
}
