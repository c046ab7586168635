import type { Entry } from '../contracts/record.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { isFolder, isRegularFile } from '../git/tree.ts';
import { stateFolder } from './paths.ts';

/** One JSONL file of the history of a kind. */
export interface Segment {
  readonly kind: string;
  readonly path: string;
  /** `yyyy-mm` */
  readonly month: string;
  readonly number: number;
  readonly oid: Oid;
}

/** A line of a segment that cannot be read. It stays where it is and is reported. */
export interface BadLine {
  readonly path: string;
  readonly line: number;
  readonly found: string;
}

/** The segments of a kind, oldest first. */
export async function listSegments(snapshot: Snapshot, kindName: string): Promise<Segment[]> {
  const folder = stateFolder(kindName);
  const months = (await snapshot.list(folder)).filter(
    (month) => isFolder(month) && /^\d{4}-\d{2}$/.test(month.name),
  );
  // All questions at once: each answer alone would be waited for.
  const lists = await Promise.all(
    months.map(async ({ name: month }) => {
      const files = (await snapshot.list(`${folder}/${month}`)).filter(isRegularFile);
      return files.flatMap(({ name, oid }): Segment[] => {
        const number = /^(\d{4,})\.jsonl$/.exec(name)?.[1];
        if (number === undefined) return [];
        return [{ kind: kindName, path: `${folder}/${month}/${name}`, month, number: Number(number), oid }];
      });
    }),
  );
  const segments = lists.flat();
  return segments.sort((a, b) => (a.month === b.month ? a.number - b.number : a.month < b.month ? -1 : 1));
}

/** The records of one segment. What is not a record is handed to `onBadLine`; the rest is returned. */
export function parseSegment(path: string, content: string, onBadLine: (bad: BadLine) => void): Entry[] {
  const entries: Entry[] = [];
  const lines = content.split('\n');
  for (const [at, line] of lines.entries()) {
    if (line === '') continue;
    const entry = parseLine(line);
    if (entry === undefined) onBadLine({ path, line: at + 1, found: line.slice(0, 80) });
    else entries.push(entry);
  }
  return entries;
}

function parseLine(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isRecord =
      typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
    return isRecord ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
}
