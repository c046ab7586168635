import { hostname } from 'node:os';
import { basename } from 'node:path';
import { describeIssue, type Issue, oneLine } from '../contracts/issue.ts';
import { maskSecrets } from '../contracts/secrets.ts';
import type { InboxFile } from './inbox-file.ts';

export interface ErrorPage {
  readonly file: InboxFile;
  readonly issues: readonly Issue[];
  /** Where the file itself goes. */
  readonly path: string;
  /** True when it is not committed. */
  readonly local: boolean;
  readonly at: Date;
}

const MOST_LINES = 100;

/** The page beside a refused file: what was expected, what was found, and what to do. No secrets. */
export function errorPage({ file, issues, path, local, at }: ErrorPage): string {
  const problems = issues.slice(0, MOST_LINES).map((issue) => `- ${describeIssue(file.path, issue)}`);
  const more = issues.length > MOST_LINES ? [`- and ${issues.length - MOST_LINES} more`] : [];
  const hints = new Set(issues.flatMap(({ hint }) => (hint === undefined ? [] : [`hint: ${hint}`])));
  const lines = [
    '---',
    fileLine(file.path),
    `rejected_at: ${at.toISOString()}`,
    `content: ${file.oid}`,
    `problems: ${issues.length}`,
    '---',
    '',
    '# Not accepted',
    '',
    ...problems,
    ...more,
    '',
    whereItIs(file, path, local),
    '',
    ...hints,
    ...(hints.size > 0 ? [''] : []),
    'Correct a copy and drop it again: `millwright drop FILE --kind KIND` explains what is still wrong before it takes it.',
  ];
  return `${lines.map((line) => oneLine(maskSecrets(line))).join('\n')}\n`;
}

/** True for a page that was written about this very file, with this very content. */
export function speaksOf(page: Buffer, { path, oid }: InboxFile): boolean {
  const text = page.toString('utf8');
  return text.startsWith(`---\n${fileLine(path)}\n`) && text.includes(`\ncontent: ${oid}\n`);
}

function fileLine(path: string): string {
  return oneLine(maskSecrets(`file: ${JSON.stringify(path)}`));
}

function whereItIs(file: InboxFile, path: string, local: boolean): string {
  if (file.shape === 'submodule') return `It named commit ${file.oid} of another repository.`;
  if (local) return `The file was not committed. It lies on ${hostname()}, at \`${path}\`.`;
  return `The file lies beside this page, as it came: \`${basename(path)}\`.`;
}
