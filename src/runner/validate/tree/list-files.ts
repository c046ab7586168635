import { nulFields } from '../../../git/file-changes.ts';
import { gitBytes } from '../../../git/program.ts';
import { PERSONAS, PROMPTS, SETTINGS_FILE } from '../../../ledger/paths.ts';

/** What the checks look into. The history is not read line by line: records never change, and the diff proves it. */
const WANTED = [SETTINGS_FILE, PERSONAS, PROMPTS, 'queue'];

/** Files of the checkout, tracked or not, without those that git ignores. Nothing is read yet. */
export async function listFiles(root: string): Promise<string[]> {
  const options = ['--cached', '--others', '--exclude-standard'];
  const pathspecs = WANTED.map((path) => `:(top,literal)${path}`);
  const raw = await gitBytes(['ls-files', '-z', ...options, '--', ...pathspecs], { cwd: root });
  // A conflict lists its file three times, and a repository within this one ends in a slash.
  const paths = nulFields(raw).map((path) => path.replace(/\/$/, ''));
  return [...new Set(paths)].filter((path) => path !== '');
}
