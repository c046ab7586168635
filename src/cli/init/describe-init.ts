import type { InitReport } from '../../ledger/init-workspace.ts';

/** A report of `millwright init` for people. */
export function describeInit(report: InitReport): string {
  const { created, updated, kept, edited, leftAlone, steps } = report;
  const isNews = created.length + updated.length > 0;
  const lines = [
    headline(report),
    ...updated.map((path) => `${report.dryRun ? 'would update' : 'updated'} ${path}`),
    kept.length > 0 && isNews ? `kept ${kept.length} files as they were` : '',
    ...leftAlone.map(({ path, reason }) => `left ${path} alone: ${reason}`),
    ...edited.flatMap(describeEdited),
    ...(steps.length === 0 ? [] : ['left to you, where it is not done yet:']),
    ...steps.map(({ what, where }) => `- ${what}\n  ${where}`),
    hintFor(report),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function headline({ root, branch, commit, created, updated, dryRun }: InitReport): string {
  if (dryRun) {
    if (created.length + updated.length === 0) return `${root} is a workspace already; nothing would be done`;
    return [
      `would create ${created.length} files in ${root}, on ${branch}:`,
      ...created.map((path) => `  ${path}`),
    ].join('\n');
  }
  if (commit === null) return `${root} is a workspace already; nothing was missing`;
  if (created.length === 0 && updated.length > 0)
    return `brought ${updated.length} files in ${root} up to date, one commit on ${branch}`;
  return `laid out a workspace in ${root}: ${created.length} files, one commit on ${branch}`;
}

function describeEdited({ path, diff }: InitReport['edited'][number]): string[] {
  return [
    `left ${path} alone: it was edited. What this version would change in it:`,
    diff.trimEnd(),
    `hint: take over what you like of it; to have it as it comes, rename yours, commit, and run this again`,
  ];
}

function hintFor({ commit, steps, onGithub, dryRun }: InitReport): string {
  if (onGithub && steps.length === 0)
    return 'hint: millwright init --github lays the workflows that turn the loop there';
  return commit === null || dryRun ? '' : 'hint: millwright drop FILE, then millwright run --once';
}
