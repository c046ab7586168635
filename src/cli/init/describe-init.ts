import type { InitReport } from '../../ledger/init-workspace.ts';
import { plural } from '../describe-pass.ts';

/** A report of `millwright init` for people. */
export function describeInit(report: InitReport): string {
  const { created, updated, kept, edited, foreign, leftAlone, steps } = report;
  const isNews = created.length + updated.length > 0;
  const lines = [
    headline(report),
    ...updated.map((path) => `${report.dryRun ? 'would update' : 'updated'} ${path}`),
    kept.length > 0 && isNews ? `kept ${files(kept)} as ${plural(kept.length, 'it was', 'they were')}` : '',
    ...leftAlone.map(({ path, reason }) => `left ${path} alone: ${reason}`),
    ...edited.flatMap(describeEdited),
    ...describeForeign(foreign),
    ...(steps.length === 0 ? [] : ['left to you, where it is not done yet:']),
    ...steps.map(({ what, where }) => `- ${what}\n  ${where}`),
    hintFor(report),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function headline({ root, branch, commit, created, updated, dryRun, ...rest }: InitReport): string {
  if (dryRun) {
    if (created.length + updated.length === 0) return `${root} is a workspace already; nothing would be done`;
    return [
      `would create ${files(created)} in ${root}, on ${branch}:`,
      ...created.map((path) => `  ${path}`),
    ].join('\n');
  }
  if (commit === null)
    return `${root} is a workspace already; nothing was ${rest.foreign.length > 0 ? 'changed' : 'missing'}`;
  if (created.length === 0 && updated.length > 0)
    return `brought ${files(updated)} in ${root} up to date, one commit on ${branch}`;
  return `laid out a workspace in ${root}: ${files(created)}, one commit on ${branch}`;
}

function files({ length }: readonly string[]): string {
  return `${length} ${plural(length, 'file', 'files')}`;
}

function describeForeign(foreign: InitReport['foreign']): string[] {
  if (foreign.length === 0) return [];
  return [
    ...foreign.map(
      ({ path, without }) => `left ${path} alone: it is somebody else's and stands in the way, so ${without}`,
    ),
    'hint: to have both, give that file another name, commit, and run this again',
  ];
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
