import { findSecret } from '../../contracts/secrets.ts';
import { type GitRun, gitBytes } from '../../git/program.ts';
import type { Oid } from '../../git/repository.ts';

export interface AddedSecret {
  readonly path: string;
  /** What kind of secret it seems to be. Never the secret. */
  readonly label: string;
}

/** Larger files are not looked into: nobody writes a key into the middle of a film. */
const LARGEST_BYTES = 8 * 1024 * 1024;

/**
 * The first secret that a commit after `base` seems to add, in a file or in its message. Every commit is looked
 * at: what one of them takes out again would still be pushed.
 */
export async function findAddedSecret(run: GitRun, base: Oid, commit: Oid): Promise<AddedSecret | undefined> {
  const large = (await largeFiles(run, base, commit)).map((path) => `:(exclude,literal,top)${path}`);
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--unified=0', '--text'];
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
  const format = '--format=commit %H%n%w(0,1,1)%B';
  const log = [
    'log',
    '--patch',
    '-m',
    format,
    ...plain,
    ...prefixes,
    `${base}..${commit}`,
    '--',
    '.',
    ...large,
  ];
  const text = await gitBytes(['-c', 'core.quotePath=false', ...log], run);
  for (const [path, added] of addedText(linesOf(text))) {
    const label = findSecret(added);
    if (label !== undefined) return { path, label };
  }
  return undefined;
}

async function largeFiles(run: GitRun, base: Oid, commit: Oid): Promise<string[]> {
  const objects = await gitBytes(['rev-list', '--objects', `${base}..${commit}`], run);
  const sizes = await gitBytes(['cat-file', '--batch-check=%(objectsize) %(objecttype) %(rest)'], {
    ...run,
    input: objects,
  });
  const files = sizes
    .toString('utf8')
    .split('\n')
    .map((line) => /^(\d+) blob (.+)$/.exec(line));
  return files.filter((file) => Number(file?.[1]) > LARGEST_BYTES).map((file) => file?.[2] ?? '');
}

/** One line at a time: a patch may be longer than any text can be. */
function* linesOf(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(10, at);
    const end = found === -1 ? bytes.length : found;
    yield bytes.toString('utf8', at, end);
    at = end + 1;
  }
}

/** The added lines of each file, together: some secrets are longer than a line. */
function* addedText(lines: Iterable<string>): Generator<readonly [path: string, added: string]> {
  let path = '';
  let added: string[] = [];
  let within: 'message' | 'head' | 'hunk' = 'head';
  for (const line of lines) {
    const message = line.startsWith('commit ');
    if (message || line.startsWith('diff --git ')) {
      yield [path, added.join('\n')];
      path = message ? 'a commit message' : '';
      added = [];
      within = message ? 'message' : 'head';
    } else if (line.startsWith('@@ ')) within = 'hunk';
    else if (within === 'head' && line.startsWith('+++ ')) path = line.slice(4).replace(/^"?b\/|\t$/g, '');
    else if (within === 'message' || (within === 'hunk' && line.startsWith('+'))) added.push(line.slice(1));
  }
  yield [path, added.join('\n')];
}
