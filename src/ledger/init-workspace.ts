import { readdir, readFile } from 'node:fs/promises';
import { systemClock } from '../contracts/clock.ts';
import { kindNames } from '../contracts/kinds.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { settings as settingsSchema } from '../contracts/settings.ts';
import type { LeftAlone } from '../git/carry.ts';
import type { Edit } from '../git/edit.ts';
import { openLog } from '../git/log.ts';
import { ObjectStore } from '../git/object-store.ts';
import { git, gitText } from '../git/program.ts';
import { unlimitedPushes } from '../git/push-budget.ts';
import { pushesOfProcess } from '../git/push-history.ts';
import { openRepository } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { isFolder } from '../git/tree.ts';
import { CACHE, INBOX, PERSONAS, PROMPTS, SETTINGS_FILE } from './paths.ts';
import { parseSettings } from './read-settings.ts';

export interface InitReport {
  readonly root: string;
  readonly branch: string;
  readonly created: readonly string[];
  /** Files that were there and stay as they are. */
  readonly kept: readonly string[];
  readonly leftAlone: readonly LeftAlone[];
  readonly commit: string | null;
}

/**
 * Lays a workspace into a repository, as one commit on the branch that is checked out. What is there stays;
 * running it again adds only what is missing. Nothing is pushed.
 * Throws `in-the-way` when a file lies where a folder has to be, `bad-settings` when the branch has a name that
 * no settings can hold.
 */
export async function initWorkspace(folder: string): Promise<InitReport> {
  const repository = await openRepository(folder);
  const branch = (await currentBranch(repository.root)) ?? (await newBranch(repository.root));
  const store = new ObjectStore(repository);
  const left: LeftAlone[] = [];
  const at = {
    repository,
    clock: systemClock,
    branch,
    budget: unlimitedPushes(pushesOfProcess(systemClock)),
    onLeftAlone: (some: readonly LeftAlone[]) => left.push(...some),
  };
  const log = openLog({ at, store, author: settingsSchema.parse({}).author, attempts: 5 });
  const templates = await readTemplates(branch);
  try {
    const done = await log.transact({ subject: 'Lay out a Millwright workspace' }, async (snapshot) =>
      planInit(snapshot, templates),
    );
    return { root: repository.root, branch, ...done.value, leftAlone: left, commit: done.commit };
  } finally {
    store.close();
  }
}

/** The full name is asked for: git's short one is another when a tag has the same name. */
async function currentBranch(root: string): Promise<string | undefined> {
  const head = await git(['symbolic-ref', 'HEAD'], { cwd: root });
  return head.code === 0
    ? head.stdout
        .toString('utf8')
        .trim()
        .replace(/^refs\/heads\//, '')
    : undefined;
}

/** A detached HEAD has no branch to commit to; the workspace then starts on main beside it. */
async function newBranch(root: string): Promise<string> {
  const main = await git(['rev-parse', '--verify', '--quiet', 'refs/heads/main'], { cwd: root });
  if (main.code !== 0) await gitText(['branch', 'main', 'HEAD'], { cwd: root });
  return 'main';
}

async function planInit(snapshot: Snapshot, templates: ReadonlyMap<string, string>) {
  await refuseIfInTheWay(snapshot, [...templates.keys()]);
  const edits: Edit[] = [];
  const kept: string[] = [];
  for (const [path, content] of templates) {
    if ((await snapshot.entry(path)) === undefined) edits.push({ put: path, content });
    else kept.push(path);
  }
  const lists = await Promise.all([
    ensureLines(snapshot, '.gitignore', ignored),
    ensureLines(snapshot, '.gitattributes', attributes),
  ]);
  const created = edits.map((edit) => ('put' in edit ? edit.put : ''));
  return { edits: [...edits, ...lists.flat()], value: { created, kept } };
}

/** A file where a folder has to be would be thrown away by the commit: it is somebody's. */
async function refuseIfInTheWay(snapshot: Snapshot, paths: readonly string[]): Promise<void> {
  const folders = paths.flatMap((path) =>
    path.split('/').map((_, at, parts) => parts.slice(0, at).join('/')),
  );
  for (const folder of new Set(folders.filter((path) => path !== ''))) {
    const there = await snapshot.entry(folder);
    if (there === undefined || isFolder(there)) continue;
    throw new MillwrightError('in-the-way', `expected a folder at ${folder}, found a file`, {
      hint: `a workspace keeps its own files under ${folder}/; move the file, or use a repository of its own`,
      data: { path: folder },
    });
  }
}

const ignored = [`${CACHE}/`, 'queue/rejected/**/*.local*'];
/** Machine-written text is compared by its bytes. */
const attributes = ['/state/** -text', '/queue/** -text'];

async function ensureLines(snapshot: Snapshot, path: string, wanted: readonly string[]): Promise<Edit[]> {
  const text = (await snapshot.text(path)) ?? '';
  const there = new Set(text.split(/\r?\n/));
  const missing = wanted.filter((line) => !there.has(line));
  if (missing.length === 0) return [];
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return [{ put: path, content: `${start}${missing.join('\n')}\n` }];
}

/** Pages and the roster come from the package itself: what it ships is what a workspace starts with. */
async function readTemplates(branch: string): Promise<Map<string, string>> {
  const pages = ['queue/README.md', 'state/README.md', 'artifacts/README.md'];
  const shipped = await Promise.all(
    [...pages, ...(await filesOf(PROMPTS)), ...(await filesOf(PERSONAS))].map(
      async (path) => [path, await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')] as const,
    ),
  );
  const inboxes = kindNames().map((kind) => [`${INBOX}/${kind}/.gitkeep`, ''] as const);
  return new Map([[SETTINGS_FILE, settingsText(branch)], ...shipped, ...inboxes]);
}

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(new URL(`../../${folder}/`, import.meta.url));
  return names.filter((name) => /\.(yaml|md)$/.test(name)).map((name) => `${folder}/${name}`);
}

/** Off until a person wants it: a report every week is a commit every week. */
const SCHEDULE_NOTE = `# schedules:
#   loop: "0 2 * * 0" # millwright loop by itself, Sundays at 2:00 UTC
`;

function settingsText(branch: string): string {
  // Quoted: a branch may be called 1.0 or true.
  const name = JSON.stringify(branch);
  const branches = branch === 'main' ? '' : `ledger_branch: ${name}\nbase_branch: ${name}\n`;
  const text = `# Settings of this Millwright workspace. Every one has a default; state/README.md lists them all.\n${branches}${SCHEDULE_NOTE}`;
  parseSettings(Buffer.from(text));
  return text;
}
