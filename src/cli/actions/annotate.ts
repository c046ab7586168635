import { maskSecrets } from '../../contracts/secrets.ts';
import type { Io } from '../command.ts';
import { onActions } from './on-actions.ts';

/** Something that people should see on a run, and at a line of a file where there is one. */
export interface Finding {
  /** In the repository, with `/` between folders. */
  readonly path?: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly severity: 'error' | 'warning' | 'notice';
  readonly title: string;
  /** May be several lines. */
  readonly message: string;
}

/**
 * Shows a finding on the page of the run and beside the changed file: one workflow command on stderr. Writes nothing
 * outside of GitHub Actions. GitHub keeps ten of each severity for each step, the first ones.
 */
export function annotate(io: Io, { path, line, severity, title, message }: Finding): void {
  if (!onActions(io)) return;
  const file = path === undefined || path === '' ? [] : [`file=${property(path)}`];
  const at = file.length === 0 || line === undefined || line < 1 ? [] : [`line=${Math.floor(line)}`];
  const properties = [...file, ...at, `title=${property(cut(clean(title), MOST_TITLE))}`].join(',');
  io.err(`::${severity} ${properties}::${data(cut(clean(message), MOST_MESSAGE))}\n`);
}

/** Characters. GitHub refuses a longer title, and cuts a message at 64 KiB. */
const MOST_TITLE = 200;
const MOST_MESSAGE = 4_000;

/** Masked before it is cut, so that no half of a secret is left. */
function clean(text: string): string {
  return maskSecrets(text).replaceAll(/[^\P{Cc}\n]/gu, ' ');
}

function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 3).join('')}...`;
}

/** The percent sign first: it is what the other two become. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** In here a comma begins the next property, and two colons end them all. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
