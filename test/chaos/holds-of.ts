import { existsSync, readFileSync } from 'node:fs';
import type { LogLine } from './fixtures/worker-log.ts';

/** One claim as its holder saw it. Milliseconds of the machine's monotonic clock. */
export interface Hold {
  readonly slot: string;
  readonly worker: string;
  readonly token: number;
  readonly nonce: string;
  readonly from: number;
  /** From here on it did not trust its claim any more. */
  readonly to: number;
  /** How it ended, when the holder was told that it had ended it. */
  readonly ended: string | undefined;
  readonly commit: string | undefined;
  /** It was told that somebody else has the slot. */
  readonly lost: boolean;
}

/** Reads what workers wrote down. The last line of one that was killed may be half a line: nobody acted on it. */
export function readHolds(logs: readonly string[]): Hold[] {
  const lines = logs.flatMap((path) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []));
  const claims = new Map<string, LogLine[]>();
  for (const line of lines) {
    const said = parsed(line);
    if (said !== undefined) claims.set(said.nonce, [...(claims.get(said.nonce) ?? []), said]);
  }
  return [...claims.values()].map(holdOf);
}

function parsed(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}

function holdOf(lines: readonly LogLine[]): Hold {
  const [first] = lines as [LogLine];
  const until = Math.max(...lines.map((line) => line.until ?? 0));
  const stops = lines.filter(({ event }) => ['leaving', 'lost', 'gave-up'].includes(event));
  const ended = lines.find(({ event }) => event === 'ended');
  return {
    slot: first.slot,
    worker: first.worker,
    token: first.token,
    nonce: first.nonce,
    from: first.at,
    to: Math.min(until, ...stops.map(({ at }) => at)),
    ended: ended?.state,
    commit: ended?.commit,
    lost: lines.some(({ event }) => event === 'lost'),
  };
}

/** Moments at which two workers trusted their claims of one slot. */
export function overlaps(holds: readonly Hold[]): string[] {
  const trusted = holds.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from);
  return trusted.flatMap((one, at) =>
    trusted
      .slice(at + 1)
      .filter((other) => other.slot === one.slot && other.from < one.to)
      .map(
        (other) =>
          `${one.slot}: token ${one.token} until ${one.to.toFixed(0)}, token ${other.token} from ${other.from.toFixed(0)}`,
      ),
  );
}
