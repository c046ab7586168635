import { cp, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputOf } from '../support/run-process.ts';

export interface BuiltTree extends AsyncDisposable {
  /** Absolute path of a file of this repository, with `.js` in the place of `.ts`. */
  path(name: string): string;
}

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** What the program reads beside its own code. */
const besides = ['package.json', 'node_modules', 'personas', 'prompts', 'queue', 'state', 'artifacts'];

/**
 * The sources as JavaScript in a temporary folder of the same shape: a process of it starts in a third of
 * the time that a process with a loader needs. Types are not checked here, other commands do that.
 * @param fixtures further files to compile, from the top of the repository
 */
export async function builtTree(...fixtures: readonly string[]): Promise<BuiltTree> {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'millwright-built-')));
  const options = { noEmit: false, noCheck: true, outDir: top, rootDir: repository, types: [] };
  const project = {
    extends: join(repository, 'tsconfig.json'),
    compilerOptions: options,
    include: ['src', ...fixtures].map((name) => join(repository, name)),
  };
  await writeFile(join(top, 'tsconfig.json'), JSON.stringify(project));
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  await outputOf(process.execPath, [compiler, '-p', join(top, 'tsconfig.json')], { env: process.env });
  for (const name of besides) await symlink(join(repository, name), join(top, name));
  await cp(join(repository, 'src'), join(top, 'src'), {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
  return {
    path: (name) => join(top, name.replace(/\.ts$/, '.js')),
    [Symbol.asyncDispose]: () => rm(top, { recursive: true, force: true }),
  };
}
