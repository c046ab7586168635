import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeZodIssues } from '../contracts/describe-zod.ts';
import { describeIssue, type Issue } from '../contracts/issue.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { parseBytes } from '../contracts/parse-text.ts';
import { type Settings, settings } from '../contracts/settings.ts';
import { codeOf } from '../git/process-lock.ts';
import { git } from '../git/program.ts';
import type { Repository } from '../git/repository.ts';
import { SETTINGS_FILE } from './paths.ts';

/**
 * Reads `millwright.yaml`: of the checkout, or of the commit at HEAD where there is none.
 * Throws `no-workspace` or `bad-settings`, which names every wrong line.
 */
export async function readSettings({ root, bare }: Repository): Promise<Settings> {
  const bytes = bare ? await committedFile(root) : await checkedOutFile(root);
  if (bytes === undefined) throw noWorkspace(root);
  return parseSettings(bytes);
}

async function committedFile(root: string): Promise<Buffer | undefined> {
  const answer = await git(['cat-file', 'blob', `HEAD:${SETTINGS_FILE}`], { cwd: root });
  return answer.code === 0 ? answer.stdout : undefined;
}

async function checkedOutFile(root: string): Promise<Buffer | undefined> {
  try {
    return await readFile(join(root, SETTINGS_FILE));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function parseSettings(bytes: Uint8Array): Settings {
  const onlyComments =
    Buffer.from(bytes)
      .toString('utf8')
      .replaceAll(/^\s*#.*$/gm, '')
      .trim() === '';
  if (onlyComments) return settings.parse({});
  const read = parseBytes(bytes, '.yaml');
  if (!read.ok) throw badSettings(read.issues);
  const parsed = settings.safeParse(read.data);
  if (parsed.success) return parsed.data;
  throw badSettings(describeZodIssues(parsed.error, read.data, read.lineOf, Object.keys(settings.shape)));
}

function badSettings(issues: readonly Issue[]): MillwrightError {
  const lines = issues.map((issue) => describeIssue(SETTINGS_FILE, issue));
  const hint =
    issues.find((issue) => issue.hint !== undefined)?.hint ?? 'the settings are described in state/README.md';
  return new MillwrightError('bad-settings', lines.join('\n'), { hint, data: { issues } });
}

function noWorkspace(root: string): MillwrightError {
  return new MillwrightError(
    'no-workspace',
    `${root} is not a Millwright workspace: it has no ${SETTINGS_FILE}`,
    {
      hint: 'run "millwright init" there, or name the folder with --workspace',
      data: { root },
    },
  );
}
