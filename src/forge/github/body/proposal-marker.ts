import { z } from 'zod';

/** What Millwright notes at the end of a pull request's body, unseen by people. */
const shape = z.object({
  id: z.string(),
  /** The commit of the branch as Millwright last made it. */
  head: z.string().regex(/^[0-9a-f]{40}$/),
  /** The base branch that it was opened for. */
  base: z.string(),
  /** Checksums of the words as Millwright wrote them; those of a person differ. */
  title: z.string(),
  text: z.string(),
  /** When the closing was that is recorded by now; true for one that Millwright did itself in the same write. */
  settled: z.union([z.string(), z.literal(true)]).optional(),
});
export type ProposalMarker = z.infer<typeof shape>;

const MARKER = /<!-- millwright (\{[^\r\n]*\}) -->/g;

/** One line. Nothing in it can end the comment: `>` is written as an escape. */
export function writeMarker(marker: ProposalMarker): string {
  const json = JSON.stringify(marker).replaceAll('>', '\\u003e').replaceAll('<', '\\u003c');
  return `<!-- millwright ${json} -->`;
}

export interface FoundMarker {
  /** undefined when it is there and makes no sense. */
  readonly marker: ProposalMarker | undefined;
  /** Where the comment begins and ends. */
  readonly start: number;
  readonly end: number;
}

/** The last one counts: whatever a text brings along stands before Millwright's own. */
export function findMarker(body: string): FoundMarker | undefined {
  const last = [...body.matchAll(MARKER)].at(-1);
  if (last === undefined) return undefined;
  return { marker: parse(last[1] ?? ''), start: last.index, end: last.index + last[0].length };
}

function parse(json: string): ProposalMarker | undefined {
  try {
    const parsed = shape.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
