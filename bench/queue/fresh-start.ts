import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { leaveItems, type PreparedQueue } from './prepare-queue.ts';
import type { Stage } from './run-round.ts';

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Live slots of five, so that what a look costs does not hide what the history costs. */
const ITEMS = 20;

/**
 * From nothing to the first claim: a partial, shallow mirror of the repository, then the command that claims.
 * @param filter which files stay on the server until they are read
 * @returns milliseconds
 */
export async function freshStart(
  { home, server }: Stage,
  queue: PreparedQueue,
  filter: string,
): Promise<number> {
  const { url, dir } = await server.serve(queue.bare);
  await leaveItems(home, dir, ITEMS);
  const mirror = join(home.dir, 'mirror');
  const since = performance.now();
  await home.must('git', ['init', '-q', '--bare', '--template=', '-b', 'main', mirror]);
  await home.must('git', ['remote', 'add', 'origin', url], mirror);
  const fetch = ['fetch', '-q', '--depth=1', `--filter=${filter}`, '--no-tags', 'origin', '+main:main'];
  await home.must('git', fetch, mirror);
  await home.must(process.execPath, [cli, 'queue', 'claim', '--json'], mirror);
  const ms = performance.now() - since;
  await rm(mirror, { recursive: true });
  await server.drop(dir);
  return ms;
}
