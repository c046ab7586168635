import { type Answer, ok, refused } from '../answer.ts';
import type { Call } from '../call.ts';

interface TreeEntry {
  readonly type: string;
  readonly oid: string;
  readonly size: number;
  readonly path: string;
}

/** A file, in base64, or the list of a folder, as a branch or commit has it. */
export async function readContents(call: Call): Promise<Answer> {
  const { world } = call;
  const ref = call.query.get('ref') ?? world.defaultBranch;
  const commit =
    world.refs.get(`refs/heads/${ref.replace(/^refs\/heads\//, '')}`) ?? (await commitNamed(call, ref));
  if (commit === undefined) return refused(404, `No commit found for the ref ${ref}`);
  const path = (call.params.path ?? '').replace(/\/$/, '');
  const [entry] = path === '' ? [] : await entriesAt(call, commit, path);
  if (path !== '' && entry === undefined) return refused(404, 'Not Found');
  if (entry?.type === 'blob') return ok({ ...view(call, entry, ref), ...(await textOf(call, entry)) });
  const inside = await entriesAt(call, commit, path === '' ? '' : `${path}/`);
  return ok(inside.map((child) => view(call, child, ref)));
}

async function commitNamed(call: Call, ref: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{7,40}$/.test(ref)) return undefined;
  const found = await call.world.git.run(['rev-parse', '--verify', '-q', `${ref}^{commit}`], {
    codes: [1, 128],
  });
  return found === '' ? undefined : found;
}

async function entriesAt(call: Call, commit: string, path: string): Promise<TreeEntry[]> {
  const paths = path === '' ? [] : [`:(literal)${path}`];
  const output = await call.world.git.run(['ls-tree', '-z', '-l', '--full-tree', commit, '--', ...paths]);
  return output
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [facts = '', name = ''] = [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)];
      const [, type = '', oid = '', size = ''] = facts.split(/ +/);
      return { type, oid, size: Number(size) || 0, path: name };
    });
}

async function textOf(call: Call, entry: TreeEntry): Promise<{ content: string; encoding: string }> {
  const text = await call.world.git.run(['cat-file', 'blob', entry.oid]);
  // The last newline is trimmed from what git printed: the size says whether there was one.
  const whole = Buffer.byteLength(text) < entry.size ? `${text}\n` : text;
  const content = Buffer.from(whole)
    .toString('base64')
    .replace(/(.{60})/g, '$1\n');
  return { content: `${content}\n`, encoding: 'base64' };
}

function view(call: Call, entry: TreeEntry, ref: string): Record<string, unknown> {
  const { origin, world } = call;
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const repo = `${origin}/repos/${world.repository}`;
  const self = `${repo}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = `${repo}/git/${entry.type}s/${entry.oid}`;
  const html = `${origin}/${world.repository}/${entry.type}/${encodeURIComponent(ref)}/${path}`;
  return {
    name: entry.path.split('/').at(-1),
    path: entry.path,
    sha: entry.oid,
    size: entry.size,
    type: entry.type === 'tree' ? 'dir' : 'file',
    url: self,
    git_url: git,
    html_url: html,
    download_url: entry.type === 'blob' ? html.replace('/blob/', '/raw/') : null,
    _links: { self, git, html },
  };
}
