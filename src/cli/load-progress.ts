import type { LoadProgress } from '../history/load-options.ts';
import type { Io } from './command.ts';

/** Below this a load is over before anybody has read a line about it. */
const WORTH_SAYING_BYTES = 20_000_000;

/** Words about a load that takes its time: one line that is drawn over on a terminal, one line in all elsewhere. */
export function loadProgress(io: Io): (progress: LoadProgress) => void {
  let shown = -1;
  return ({ bytes, of }) => {
    if (of < WORTH_SAYING_BYTES) return;
    const percent = Math.floor((bytes / of) * 100);
    if (percent === shown) return;
    const text = `reading the history: ${megabytes(bytes)} of ${megabytes(of)} MB`;
    if (io.terminal) io.err(`\r${text}${bytes === of ? '\n' : ''}`);
    else if (shown === -1) io.err(`reading ${megabytes(of)} MB of history, once\n`);
    shown = percent;
  };
}

function megabytes(bytes: number): string {
  return String(Math.round(bytes / 1e6));
}
