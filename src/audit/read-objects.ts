import { type GitRun, gitBytes } from '../git/program.ts';

/** Bounds the memory of one answer, not the number of questions. */
const AT_ONCE = 2_000;

/**
 * The contents of blobs, by name as `git rev-parse` takes it: few processes, however many names. Each is handed
 * to `take` as it comes, and undefined for what is not there or is no file.
 */
export async function readObjects(
  names: readonly string[],
  run: GitRun,
  take: (at: number, content: Buffer | undefined) => void,
  atOnce = AT_ONCE,
): Promise<void> {
  for (let from = 0; from < names.length; from += atOnce) {
    const some = names.slice(from, from + atOnce);
    const answer = await gitBytes(['cat-file', '--batch'], { ...run, input: `${some.join('\n')}\n` });
    takeAnswers(answer, some.length, (at, content) => take(from + at, content));
  }
}

function takeAnswers(
  answer: Buffer,
  count: number,
  take: (at: number, content: Buffer | undefined) => void,
): void {
  let from = 0;
  for (let at = 0; at < count; at += 1) {
    const end = answer.indexOf(10, from);
    const head = / (blob|tree|commit|tag) (\d+)$/.exec(answer.toString('utf8', from, end));
    from = end + 1;
    if (head === null) take(at, undefined);
    else {
      const size = Number(head[2]);
      take(at, head[1] === 'blob' ? answer.subarray(from, from + size) : undefined);
      from += size + 1;
    }
  }
}
