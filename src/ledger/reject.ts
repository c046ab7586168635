import { hostname } from 'node:os';
import { basename, extname } from 'node:path';
import { describeIssue, type Issue } from '../contracts/issue.ts';
import { maskSecrets } from '../contracts/secrets.ts';
import type { Edit } from '../git/edit.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { InboxFile } from './inbox-file.ts';
import { INBOX, REJECTED } from './paths.ts';

export interface Rejection {
  readonly file: InboxFile;
  readonly issues: readonly Issue[];
}

export interface RejectPlan {
  readonly edits: readonly Edit[];
  /** Where the file itself goes. */
  readonly path: string;
  /** True when it must not be committed: it moves within the work tree and git does not see it. */
  readonly local: boolean;
}

/**
 * Plans the move of a refused file to `queue/rejected/`: the file as it came, and a page that says why.
 * `used` maps the places that this batch has given away to the content that goes there.
 * A file that is too big for a commit, or that holds a secret, stays on this machine.
 */
export async function planRejection(
  snapshot: Snapshot,
  rejection: Rejection,
  at: Date,
  used: ReadonlyMap<string, string> = new Map(),
): Promise<RejectPlan> {
  const { file, issues } = rejection;
  const local = file.place === 'work-tree' && issues.some(staysLocal);
  const path = await freePath(snapshot, file, local, used);
  const stem = path.slice(0, path.length - extname(path).length);
  const page: Edit = { put: `${stem}.error.md`, content: errorPage(rejection, path, local, at) };
  const move: Edit[] = local ? [] : [await placing(path, file)];
  const removal: Edit[] = file.place === 'committed' ? [{ remove: file.path }] : [];
  return { edits: [...move, page, ...removal], path, local };
}

function staysLocal(issue: Issue): boolean {
  return issue.expected === 'no secrets' || (issue.field === '' && issue.expected.startsWith('at most '));
}

async function placing(path: string, file: InboxFile): Promise<Edit> {
  if (file.place === 'committed') return { put: path, oid: file.oid };
  return { put: path, content: await file.read() };
}

/** A second file of the same name and other content gets its content's id into its name. */
async function freePath(
  snapshot: Snapshot,
  file: InboxFile,
  local: boolean,
  used: ReadonlyMap<string, string>,
): Promise<string> {
  const parts = file.path.slice(INBOX.length + 1).split('/');
  const folder = parts.length < 2 ? 'unknown' : safeName(parts[0] ?? 'unknown');
  const name = basename(file.path);
  const extension = extname(name);
  const stem = safeName(basename(name, extension));
  const suffix = local ? '.local' : '';
  const path = `${REJECTED}/${folder}/${stem}${suffix}${safeName(extension)}`;
  const there = await snapshot.entry(path);
  const page = await snapshot.text(`${REJECTED}/${folder}/${stem}${suffix}.error.md`);
  const holder = there?.oid ?? used.get(path);
  // A page without its file speaks of one that stayed on a machine: this very one, when a pass died before it moved it.
  const otherPage = page !== undefined && !page.includes(`\ncontent: ${file.oid}\n`);
  const taken = holder === undefined ? otherPage : holder !== file.oid;
  return taken
    ? `${REJECTED}/${folder}/${stem}.${file.oid.slice(0, 8)}${suffix}${safeName(extension)}`
    : path;
}

/** File names come from outside: what is left is safe in a path, a link and a shell. */
function safeName(name: string): string {
  const safe = name
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[.-]+(?=[^.])/, (dots) => (dots === '.' ? '.' : '_'))
    .slice(0, 100);
  return safe === '' || safe === '.' || safe === '..' ? safe.replaceAll('.', '_') : safe;
}

function errorPage(rejection: Rejection, path: string, local: boolean, at: Date): string {
  const { file, issues } = rejection;
  const lines = issues.slice(0, 100).map((issue) => `- ${maskSecrets(describeIssue(file.path, issue))}`);
  const more = issues.length > 100 ? [`- and ${issues.length - 100} more`] : [];
  const hints = [...new Set(issues.flatMap(({ hint }) => (hint === undefined ? [] : [hint])))].map(
    (hint) => `hint: ${hint}`,
  );
  const kept = local
    ? `The file was not committed. It lies on ${hostname()}, at \`${path}\`.`
    : `The file lies beside this page, as it came: \`${basename(path)}\`.`;
  const front = [
    '---',
    `file: ${JSON.stringify(file.path)}`,
    `rejected_at: ${at.toISOString()}`,
    `content: ${file.oid}`,
    `problems: ${issues.length}`,
    '---',
  ];
  const next = `Correct a copy and drop it again: \`millwright drop FILE --kind KIND\` explains what is still wrong before it takes it.`;
  return [
    ...front,
    '',
    '# Not accepted',
    '',
    ...lines.map(plain),
    ...more,
    '',
    kept,
    '',
    ...hints.map(plain),
    ...(hints.length > 0 ? [''] : []),
    next,
    '',
  ].join('\n');
}

/** Control characters from a file's name or content do not reach the page. */
function plain(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t]+/gu, ' ');
}
