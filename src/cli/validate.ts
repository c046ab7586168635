import { systemClock } from '../contracts/clock.ts';
import { oneLine } from '../contracts/issue.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { maskSecrets } from '../contracts/secrets.ts';
import type { Finding, Looked } from '../runner/validate/finding.ts';
import { groupBy } from '../runner/validate/group-by.ts';
import { annotate } from './actions/annotate.ts';
import type { CommandDefinition, CommandInput, Io } from './command.ts';
import { plural } from './describe-pass.ts';
import { print } from './with-workspace.ts';

export const validate: CommandDefinition = {
  name: 'validate',
  summary: 'check the workspace, and what a change would bring to its base',
  description:
    'Checks the checkout as it lies on the disk: settings, personas, prompts, contracts that wait, policies and proposal pages. With --diff also what HEAD brings since it left a base: results of lost claims, personas whose version did not move, a constitution that was changed, records changed after the fact, and machine-written paths edited by hand are refused, each with how to do it right. Reads only, offline, and runs nothing of what it looks at. In a workflow every finding becomes an annotation, and what could not be checked a warning.',
  options: [
    { flags: '--diff <base>', text: 'also check what HEAD brings to this branch, tag or commit' },
    {
      flags: '--fork',
      text: 'with --diff: the change comes from another repository, so it vouches for nothing',
    },
  ],
  examples: [
    'millwright validate',
    'millwright validate --diff origin/main',
    'millwright validate --diff origin/main --fork --json',
  ],
  exits: ['10 no workspace here'],
  run: async (input, io) => {
    const { validate: look } = await import('../runner/validate/validate.ts');
    const looked = await look(input.folder, { clock: systemClock, ...diffFrom(input) });
    const { checked, findings, unchecked } = looked;
    print(io, { checked, findings, unchecked }, describe);
    for (const finding of findings) annotateFinding(io, finding);
    for (const message of unchecked) annotate(io, { severity: 'warning', title: NOT_CHECKED, message });
    return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};

function diffFrom({ options }: CommandInput): { diff?: { base: string; fork: boolean } } {
  const fork = options.fork === true;
  if (typeof options.diff === 'string') return { diff: { base: options.diff, fork } };
  if (!fork) return {};
  throw new MillwrightError('usage', '--fork goes with --diff', {
    hint: 'millwright validate --diff origin/main --fork',
  });
}

function annotateFinding(io: Io, { path, line, field, severity, rule, message, hint }: Finding): void {
  const place = { ...(path === '' ? {} : { path }), ...(line === undefined ? {} : { line }) };
  const words = `${field === undefined ? '' : `${field}: `}${message}\nhint: ${hint}`;
  annotate(io, { ...place, severity, title: `millwright: ${rule}`, message: words });
}

const NOT_CHECKED = 'millwright: not checked';

/** More than these of one file are counted only. */
const MOST_SHOWN = 20;

function describe({ checked, findings, unchecked }: Looked): string {
  const byFile = groupBy(findings, ({ path }) => path);
  const files = [...byFile].flatMap(([path, some]) => describeFile(path, some));
  const notes = unchecked.map((words) => `not checked: ${clean(words)}`);
  return [...files, ...notes, countLine({ checked, findings, unchecked })].join('\n');
}

function describeFile(path: string, findings: readonly Finding[]): string[] {
  const more = findings.length - MOST_SHOWN;
  const shown = findings.slice(0, MOST_SHOWN).flatMap(describeFinding);
  const heading = path === '' ? 'commits' : clean(path);
  return [heading, ...shown, ...(more > 0 ? [`  and ${more} more`] : [])];
}

function describeFinding({ severity, rule, line, field, message, hint }: Finding): string[] {
  const place = [line === undefined ? '' : `line ${line}`, field ?? '']
    .filter((part) => part !== '')
    .join(', ');
  return [
    `  ${severity.padEnd(8)} ${place === '' ? '' : `${clean(place)}: `}${clean(message)} (${rule})`,
    `           hint: ${clean(hint)}`,
  ];
}

/** Names of files and what stands in them is somebody's text. */
function clean(text: string): string {
  return oneLine(maskSecrets(text));
}

function countLine({ checked, findings, unchecked }: Looked): string {
  const counts = Object.entries(checked).map(([what, n]) => `${n} ${counted(what, n)}`);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const found = [
    `${errors} ${plural(errors, 'error', 'errors')}`,
    `${warnings} ${plural(warnings, 'warning', 'warnings')}`,
  ];
  const open = unchecked.length === 0 ? '' : `; ${unchecked.length} not checked`;
  const verdict = findings.length === 0 ? 'nothing to complain about' : found.join(', ');
  return `checked ${counts.join(', ')}: ${verdict}${open}`;
}

/** Every count has a regular plural as its name. */
function counted(what: string, n: number): string {
  const words = what.replaceAll('_', ' ');
  return n === 1 ? words.replace(/s$/, '') : words;
}
