import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { git } from '../../git/program.ts';
import type { Workspace } from '../../ledger/workspace.ts';

/** What reaches the remote: credential helpers, proxies, certificates, the ssh command. */
const reaching = /^(?:credential\.|http\.|ssh\.|protocol\.|core\.(?:sshcommand|askpass)$|user\.)/;

/**
 * Writes what the mirror takes from the workspace: how the remote is reached, who commits, and the address.
 * Only the repository's own settings are copied; those of the user and the machine hold for the mirror anyway.
 * The file may hold a token, as the workspace's own does, and only this user may read it.
 */
export async function writeMirrorSettings(
  workspace: Workspace,
  path: string,
  address: string,
): Promise<void> {
  const text = settingsText([...identity(workspace), ...(await ownSettings(workspace)), ...origin(address)]);
  if ((await existing(path)) === text) return;
  const unfinished = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(unfinished, text, { mode: 0o600 });
  await rename(unfinished, path);
}

type Setting = readonly [key: string, value: string | undefined];

/** Agents may commit, too; a user's own name in the workspace comes after this one and counts. */
function identity({ settings: { author } }: Workspace): Setting[] {
  return [
    ['user.name', author.name],
    ['user.email', author.email],
  ];
}

function origin(address: string): Setting[] {
  return [['remote.origin.url', address]];
}

async function ownSettings(workspace: Workspace): Promise<Setting[]> {
  const answer = await git(['config', '--list', '--show-scope', '--null', '--includes'], {
    cwd: workspace.repository.root,
  });
  const parts = answer.stdout.toString('utf8').split('\0');
  const settings: Setting[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [scope, [key = '', ...value]] = [parts[at], (parts[at + 1] ?? '').split('\n')];
    const own = scope === 'local' || scope === 'worktree';
    // A key without a value means true.
    if (own && reaching.test(key)) settings.push([key, value.length === 0 ? undefined : value.join('\n')]);
  }
  return settings;
}

/** A file of git-config(1). */
function settingsText(settings: readonly Setting[]): string {
  return settings.map(settingText).join('');
}

function settingText([key, value]: Setting): string {
  const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')];
  const [section, name] = [key.slice(0, first), key.slice(last + 1)];
  const below = first === last ? '' : ` "${key.slice(first + 1, last).replaceAll(/["\\]/g, '\\$&')}"`;
  return `[${section}${below}]\n\t${name}${value === undefined ? '' : ` = "${escaped(value)}"`}\n`;
}

function escaped(value: string): string {
  return value.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

async function existing(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
