import { access, appendFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cleanGitEnv, outputOf, type ProcessResult, runProcess } from './run-process.ts';

export interface GitFolderOptions {
  /** Default `main`. */
  branch?: string;
  /** A repository without a working copy; the files are in its first commit only. Default false. */
  bare?: boolean;
  /** False leaves `user.name` and `user.email` unset; the first commit still has the test author. Default true. */
  identity?: boolean;
  /** Added to the clean environment, for example `GIT_SSH_COMMAND`. */
  env?: Readonly<Record<string, string>>;
}

export interface GitFolder extends AsyncDisposable {
  /** Absolute, without symbolic links. Its parent holds nothing else that is a repository. */
  readonly dir: string;
  /** The environment every git call here runs with. */
  readonly env: NodeJS.ProcessEnv;
  /** Trimmed output; rejects with git's error text when git fails. */
  git(...args: string[]): Promise<string>;
  /** Never rejects because of what git answered. */
  gitCode(...args: string[]): Promise<ProcessResult>;
  /** Writes UTF-8 text, making folders as needed. Paths are relative to `dir`. */
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  exists(path: string): Promise<boolean>;
}

const testIdentity = { name: 'Test Author', email: 'test@example.invalid' };

/** A repository in a fresh temporary folder, with `files` as its first commit (no commit when there are none). */
export async function gitFolder(
  files: Readonly<Record<string, string>> = {},
  options: GitFolderOptions = {},
): Promise<GitFolder> {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'millwright-test-')));
  const folder = folderAt(top, options);
  try {
    await initialise(folder, options);
    await commitFiles(folder, files, options.bare ? join(top, 'files') : folder.dir);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  return folder;
}

/** An empty bare repository that accepts pushes over http and never collects garbage. */
export async function bareRemote(): Promise<GitFolder> {
  const remote = await gitFolder({}, { bare: true });
  await appendFile(join(remote.dir, 'config'), '[http]\n\treceivepack = true\n[receive]\n\tautogc = false\n');
  return remote;
}

function folderAt(top: string, options: GitFolderOptions): GitFolder {
  const dir = join(top, options.bare ? 'remote.git' : 'work');
  const env = { ...cleanGitEnv(join(top, 'home')), ...options.env };
  return {
    dir,
    env,
    git: (...args) => outputOf('git', args, { cwd: dir, env }),
    gitCode: (...args) => runProcess('git', args, { cwd: dir, env }),
    write: (path, text) => writeText(join(dir, path), text),
    read: (path) => readFile(join(dir, path), 'utf8'),
    exists: (path) => isThere(join(dir, path)),
    [Symbol.asyncDispose]: () => rm(top, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function initialise(folder: GitFolder, options: GitFolderOptions): Promise<void> {
  await mkdir(folder.dir);
  await folder.git('init', '-q', '-b', options.branch ?? 'main', ...(options.bare ? ['--bare'] : []));
  const config = join(folder.dir, options.bare ? 'config' : '.git/config');
  await appendFile(config, '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n');
  if (options.identity === false) return;
  await appendFile(config, `[user]\n\tname = ${testIdentity.name}\n\temail = ${testIdentity.email}\n`);
}

async function commitFiles(
  folder: GitFolder,
  files: Readonly<Record<string, string>>,
  workTree: string,
): Promise<void> {
  const entries = Object.entries(files);
  if (entries.length === 0) return;
  for (const [path, text] of entries) await writeText(join(workTree, path), text);
  const author = ['-c', `user.name=${testIdentity.name}`, '-c', `user.email=${testIdentity.email}`];
  const place = workTree === folder.dir ? [] : ['--git-dir', folder.dir, '--work-tree', workTree];
  await folder.git(...place, 'add', '--all', '--force');
  await folder.git(...place, ...author, 'commit', '-q', '-m', 'Start');
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
