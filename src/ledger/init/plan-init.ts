import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Edit } from '../../git/edit.ts';
import type { Decision } from '../../git/log.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { isFolder } from '../../git/tree.ts';
import type { InitTemplates } from '../init-templates.ts';
import { CACHE, SETTINGS_FILE } from '../paths.ts';
import { parseSettings } from '../read-settings.ts';
import { checkedOutText } from './checked-out-text.ts';
import { type GithubPlan, planGithub } from './plan-github.ts';
import { withForge } from './with-forge.ts';

/** What `millwright init` finds and would do. */
export interface InitPlan {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly kept: readonly string[];
  readonly edited: GithubPlan['edited'];
  readonly foreign: GithubPlan['foreign'];
  /** What the settings will say. */
  readonly settings: string;
  readonly github: boolean;
}

/**
 * What one snapshot lacks, and what of ours in it is old. Throws `in-the-way`, and `bad-settings` for settings that
 * are there and cannot be read.
 * @param checkout the folder in which the branch is checked out, if it is
 */
export async function planInit(
  snapshot: Snapshot,
  { workspace, github }: InitTemplates,
  checkout?: string,
): Promise<Decision<InitPlan>> {
  await refuseIfInTheWay(snapshot, [...workspace.keys(), ...(github?.keys() ?? [])]);
  const edits: Edit[] = [];
  const kept: string[] = [];
  for (const [path, content] of workspace) {
    if ((await snapshot.entry(path)) === undefined) edits.push({ put: path, content });
    else kept.push(path);
  }
  const lists = await Promise.all([
    ensureLines(snapshot, '.gitignore', ignored),
    ensureLines(snapshot, '.gitattributes', attributes),
  ]);
  const created = edits.map((edit) => ('put' in edit ? edit.put : ''));
  const committed = await snapshot.text(SETTINGS_FILE);
  const onDisk = checkout === undefined ? undefined : await checkedOutText(checkout, SETTINGS_FILE);
  const settings = onDisk ?? committed ?? workspace.get(SETTINGS_FILE) ?? '';
  // As for every other command; laid beside settings that nobody can read, nothing would run.
  parseSettings(Buffer.from(settings));
  const plan = { created, updated: [], kept, edited: [], foreign: [], settings };
  const decision = { edits: [...edits, ...lists.flat()], value: { ...plan, github: github !== undefined } };
  if (github === undefined) return decision;
  const mayAdd = committed !== undefined && settings === committed.replaceAll('\r\n', '\n');
  const next = mayAdd ? withForge(committed) : undefined;
  return addGithub(decision, await planGithub(snapshot, github, checkout), next);
}

/**
 * Settings that were made here name the forge already; those of a person get a line at their end, unless they are being
 * edited.
 */
function addGithub(
  { edits, value }: { edits: Edit[]; value: InitPlan },
  plan: GithubPlan,
  settings: string | undefined,
): Decision<InitPlan> {
  const forge = settings === undefined ? [] : [{ put: SETTINGS_FILE, content: settings }];
  const changed = forge.map(({ put }) => put);
  return {
    edits: [...edits, ...forge, ...plan.edits],
    value: {
      created: [...value.created, ...plan.created],
      updated: [...changed, ...plan.updated],
      kept: [...value.kept.filter((path) => !changed.includes(path)), ...plan.kept],
      edited: plan.edited,
      foreign: plan.foreign,
      settings: settings ?? value.settings,
      github: true,
    },
  };
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
