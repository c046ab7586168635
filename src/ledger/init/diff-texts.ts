import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git } from '../../git/program.ts';

/** A unified diff from one text to another, as git prints it. Empty when they are equal. */
export async function diffTexts(path: string, from: string, to: string): Promise<string> {
  const top = await mkdtemp(join(tmpdir(), 'millwright-diff-'));
  try {
    for (const [side, text] of [
      ['a', from],
      ['b', to],
    ] as const) {
      await mkdir(join(top, side, dirname(path)), { recursive: true });
      await writeFile(join(top, side, path), text);
    }
    const sides = [`a/${path}`, `b/${path}`];
    // Outside any repository, so no setting of one changes what it prints.
    const options = ['--no-index', '--no-color', '--no-ext-diff', '--no-prefix'];
    const ceiling = { GIT_CEILING_DIRECTORIES: dirname(top) };
    const answer = await git(['diff', ...options, '--', ...sides], { cwd: top, env: ceiling });
    return answer.stdout.toString('utf8');
  } finally {
    await rm(top, { recursive: true, force: true });
  }
}
