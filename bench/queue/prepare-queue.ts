import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Home } from './home.ts';
import { ledgerCommits } from './ledger-commits.ts';

/** A workspace with a filled queue: a bare repository to serve, and a clone of it to copy. */
export interface PreparedQueue {
  readonly bare: string;
  readonly clone: string;
}

export interface QueueToPrepare {
  readonly name: string;
  /** Slots that are done and folded into the history. */
  readonly finished: number;
  /** Slots that can be claimed; a multiple of five. */
  readonly slots: number;
  /** What the clone has checked out: everything, as people have it, or the top-level files only. */
  readonly checkout: 'all' | 'top';
}

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** Nothing collects garbage while we measure. */
const serverSettings =
  '[http]\n\treceivepack = true\n[receive]\n\tautogc = false\n[gc]\n\tauto = 0\n[uploadpack]\n\tallowFilter = true\n';
const cloneSettings = '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n';

/** A bare repository with what `millwright init` lays out, for others to start from. */
export async function layOut(home: Home): Promise<string> {
  const [workspace, bare] = [join(home.dir, 'first'), join(home.dir, 'first.git')];
  await mkdir(workspace);
  await home.must('git', ['init', '-q', '-b', 'main', '--template='], workspace);
  await home.must(process.execPath, [cli, 'init'], workspace);
  await home.must('git', ['clone', '-q', '--bare', '--template=', workspace, bare]);
  await appendFile(join(bare, 'config'), serverSettings);
  return bare;
}

/** On top of what was laid out: a ledger that is made as the engine makes it. */
export async function prepareQueue(
  home: Home,
  first: string,
  { name, finished, slots, checkout }: QueueToPrepare,
): Promise<PreparedQueue> {
  const [bare, clone] = [join(home.dir, `${name}.git`), join(home.dir, name)];
  await home.must('cp', ['-R', first, bare]);
  await home.must('git', ['fast-import', '--quiet'], bare, ledgerCommits(finished, slots));
  if (finished > 0) await home.must('git', ['gc', '-q', '--prune=now'], bare);
  const kind = checkout === 'all' ? [] : ['--sparse'];
  await home.must('git', ['clone', '-q', '--no-hardlinks', '--template=', ...kind, bare, clone]);
  await appendFile(join(clone, '.git/config'), cloneSettings);
  return { bare, clone };
}

/** The same queue on a server that keeps packs of so many objects as they come. */
export async function withUnpackLimit(
  home: Home,
  { bare, clone }: PreparedQueue,
  objects: number,
): Promise<PreparedQueue> {
  const copy = `${bare}.packed`;
  await home.must('cp', ['-R', bare, copy]);
  await home.must('git', ['config', 'receive.unpackLimit', String(objects)], copy);
  return { bare: copy, clone };
}

/** Clones of a prepared queue that push to this address. */
export async function copyClones(
  home: Home,
  template: string,
  dir: string,
  url: string,
  count: number,
): Promise<string[]> {
  const first = join(dir, '0');
  await home.must('cp', ['-R', template, first]);
  await home.must('git', ['remote', 'set-url', 'origin', url], first);
  const others = Array.from({ length: count - 1 }, (_, at) => join(dir, String(at + 1)));
  for (const other of others) await home.must('cp', ['-R', first, other]);
  return [first, ...others];
}

/** Takes slots out of a prepared queue again, until so many items of five are left. */
export async function leaveItems(home: Home, bare: string, items: number): Promise<void> {
  const { stdout } = await home.must('git', ['ls-tree', '--name-only', 'main', 'queue/items/'], bare);
  const gone = stdout.trim().split('\n').slice(items);
  const paths = gone.flatMap((item) => {
    const slot = item.replace('/items/', '/slots/').replace('.yaml', '-v');
    return [item, ...[1, 2, 3, 4, 5].map((variant) => `${slot}${variant}.json`)];
  });
  const head = 'commit refs/heads/main\ncommitter Bench <bench@example.invalid> 0 +0000\ndata 6\nRemove\n';
  const removals = paths.map((path) => `D ${path}\n`).join('');
  await home.must('git', ['fast-import', '--quiet'], bare, [`${head}from refs/heads/main^0\n${removals}`]);
}
