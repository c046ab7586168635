import { pagePath } from '../../../forge/local-forge.ts';
import { readProposalPage } from '../../../forge/proposal-page.ts';
import { PROPOSALS } from '../../../ledger/paths.ts';
import type { Finding } from '../finding.ts';
import type { Ground } from '../ground.ts';
import { issueFinding } from '../issue-finding.ts';
import { readDiskFile } from './read-disk-file.ts';

export interface PageCheck {
  readonly findings: readonly Finding[];
  readonly count: number;
}

const LIMIT_BYTES = 5_000_000;
const ADVICE = 'leave id, head and opened_at as they are; "state: closed" and a reason say no';

/** Reads the pages of the local forge as the forge itself does. */
export async function checkPages({ root, files }: Ground): Promise<PageCheck> {
  const paths = files.filter((path) => {
    const name = path.slice(PROPOSALS.length + 1);
    return path.startsWith(`${PROPOSALS}/`) && name.endsWith('.md') && name !== 'README.md';
  });
  const findings: Finding[] = [];
  for (const path of paths) {
    const found = await pageProblem(root, path);
    const issue = { field: '', expected: 'a page as Millwright wrote it', found: found ?? '' };
    if (found !== undefined) findings.push(issueFinding('proposal', path, issue, ADVICE, 'warning'));
  }
  return { findings, count: paths.length };
}

async function pageProblem(root: string, path: string): Promise<string | undefined> {
  const file = await readDiskFile(root, path, LIMIT_BYTES);
  if (file.shape === 'gone') return undefined;
  if (file.shape !== 'file') return `a ${file.shape}`;
  const page = readProposalPage(file.content.toString('utf8'));
  if (page === undefined) return 'one whose front matter cannot be read; a pass writes it anew';
  if (pagePath(page.id) !== path) return 'the page of another proposal, which decides nothing here';
  return page.head === '' ? 'one that names no commit' : undefined;
}
