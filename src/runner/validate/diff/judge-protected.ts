import { showText } from '../../../contracts/issue.ts';
import { CODEOWNERS_PLACES } from '../../../git/codeowners-places.ts';
import { ownersOf } from '../../../git/owners-of.ts';
import { SETTINGS_FILE } from '../../../ledger/paths.ts';
import { CONSTITUTION } from '../../../prompts/render-prompt.ts';
import type { Finding } from '../finding.ts';
import type { DiffGround } from './diff-ground.ts';

const PROTECTED = ['.github/workflows/', '.github/actions/'];

/** What decides how Millwright itself runs: a person who answers for it has to look. */
export async function judgeProtected({ changes, atBase, fork }: DiffGround): Promise<Finding[]> {
  const touched = changes.filter(({ path }) => isProtected(path));
  if (touched.length === 0) return [];
  const owners = (await Promise.all(CODEOWNERS_PLACES.map((path) => atBase.text(path)))).find(
    (text) => text !== undefined,
  );
  return touched.map(({ path }) => protectedFinding(path, ownersOf(owners ?? '', path), fork));
}

function isProtected(path: string): boolean {
  const file = path === SETTINGS_FILE || path === CONSTITUTION || CODEOWNERS_PLACES.includes(path);
  return file || PROTECTED.some((folder) => path.startsWith(folder));
}

function protectedFinding(path: string, owners: readonly string[], fork: boolean): Finding {
  const who = owners.length === 0 ? 'a maintainer' : showText(owners.join(', '));
  const message = `expected ${who} to look at a change of this protected path, found it changed`;
  const shared = { path, rule: 'protected-path', message };
  if (fork)
    return { ...shared, severity: 'error', hint: `${who} has to push such a change from this repository` };
  return { ...shared, severity: 'warning', hint: `ask ${who} for a review` };
}
