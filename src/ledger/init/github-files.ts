import { parseBytes } from '../../contracts/parse-text.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { shippedFile } from '../shipped-file.ts';

export const ACTION_FILE = '.github/actions/millwright/action.yml';
export const CI_FILE = '.github/workflows/ci.yml';

/** Every file that `millwright init --github` lays down: this repository's own are the templates. */
export const githubFiles: readonly string[] = [
  ACTION_FILE,
  CI_FILE,
  ...['loop.yml', 'pages.yml', 'reconcile.yml', 'validate.yml', 'worker.yml', 'README.md'].map(
    (name) => `.github/workflows/${name}`,
  ),
];

export async function readGithubFiles(): Promise<Map<string, string>> {
  const read = githubFiles.map(async (path) => [path, await shippedFile(path)] as const);
  return new Map(await Promise.all(read));
}

/** Only where there is something to test, and nobody tests it already. */
export async function wantsCi(snapshot: Snapshot): Promise<boolean> {
  if ((await snapshot.entry(CI_FILE)) !== undefined) return true;
  if ((await snapshot.entry('.github/workflows/ci.yaml')) !== undefined) return false;
  const text = await snapshot.text('package.json');
  if (text === undefined) return false;
  const read = parseBytes(Buffer.from(text), '.json');
  const scripts = read.ok ? (read.data as { scripts?: { test?: unknown } } | null)?.scripts : undefined;
  return typeof scripts?.test === 'string';
}
