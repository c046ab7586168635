import { showText } from '../contracts/issue.ts';
import type { CommandResult } from './run-command.ts';

interface Limits {
  readonly timeLimitMs: number;
  readonly outputLimitBytes: number;
}

/** Why a command did not end well, as a sentence; undefined when it did. */
export function describeStop(who: string, result: CommandResult, limits: Limits): string | undefined {
  if (result.stopped === 'time')
    return `${who} took longer than ${limits.timeLimitMs / 1_000} s and was stopped`;
  if (result.stopped === 'output')
    return `${who} printed more than ${limits.outputLimitBytes} bytes and was stopped`;
  if (result.exit === 0) return undefined;
  const how =
    result.exit === null
      ? `was ended by ${result.signal ?? 'a signal'}`
      : `ended with exit code ${result.exit}`;
  const lines = result.tail.split('\n').filter((line) => line.trim() !== '');
  const last = lines.at(-1);
  return last === undefined ? `${who} ${how}` : `${who} ${how}: ${showText(last.trim())}`;
}
