import '../../e2e/test-environment.ts';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../src/contracts/clock.ts';
import type { Finding, Looked } from '../../../src/runner/validate/finding.ts';
import { validate } from '../../../src/runner/validate/validate.ts';
import { type GitFolder, gitFolder } from '../../support/git-folder.ts';

/** The author of what Millwright writes, where the settings name no other. */
export const MILLWRIGHT = { name: 'Millwright', email: 'millwright@localhost' };

const shipped = fileURLToPath(new URL('../../../', import.meta.url));

/** A workspace with one persona, one prompt and the constitution: enough for the gate, and soon made. */
export async function smallWorkspace(files: Readonly<Record<string, string>> = {}): Promise<GitFolder> {
  const paths = ['personas/solver.yaml', 'prompts/replay.md', 'prompts/DO-NOT-CHANGE-EVER.md'];
  const texts = await Promise.all(paths.map(async (path) => [path, await readFile(shipped + path, 'utf8')]));
  const layout = {
    'millwright.yaml': SETTINGS,
    '.gitignore': '.millwright/\n',
    '.gitattributes': '/state/** -text\n',
  };
  return gitFolder({ ...layout, ...Object.fromEntries(texts), ...files });
}

const SETTINGS = 'thoughts:\n  persona: solver\n';

/** Runs the gate on a checkout, with `diff` also on what HEAD brings. */
export function gate(folder: GitFolder, diff?: string, fork = false): Promise<Looked> {
  const asked = diff === undefined ? {} : { diff: { base: diff, fork } };
  return validate(folder.dir, { clock: systemClock, ...asked });
}

/** Findings as one line each: rule, place and severity. */
export function places(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, path, line, severity }) => {
    const place = line === undefined ? path : `${path}:${line}`;
    return severity === 'error' ? `${rule} ${place}` : `${rule} ${place} (${severity})`;
  });
}

export async function found(folder: GitFolder, diff?: string, fork = false): Promise<string[]> {
  return places((await gate(folder, diff, fork)).findings);
}

/** Writes files and commits them as a person. @returns the commit */
export async function commitFiles(
  folder: GitFolder,
  files: Readonly<Record<string, string | null>>,
  message = 'Change something',
): Promise<string> {
  for (const [path, text] of Object.entries(files))
    if (text === null) await folder.git('rm', '-q', '--', path);
    else await folder.write(path, text);
  await folder.git(
    'add',
    '--all',
    '--force',
    '--',
    ...Object.keys(files).filter((path) => files[path] !== null),
  );
  await folder.git('commit', '-q', '--allow-empty', '-m', message);
  return folder.git('rev-parse', 'HEAD');
}

/** A commit that poses as one of Millwright's: its address, and a nonce at the end of the message. */
export async function poseAsMillwright(folder: GitFolder, subject: string, trailers = ''): Promise<void> {
  await folder.git('add', '--all', '--force');
  const who = ['-c', `user.name=${MILLWRIGHT.name}`, '-c', `user.email=${MILLWRIGHT.email}`];
  await folder.git(
    ...who,
    'commit',
    '-q',
    '-m',
    `${subject}\n\n${trailers}Millwright-Nonce: 0123456789abcdef`,
  );
}
