import { createHash } from 'node:crypto';

/** The first line of a file that Millwright has laid: which version did, and what the rest was then. */
export interface Stamp {
  readonly version: string;
  readonly sum: string;
  /** True: nobody has edited the file since. */
  readonly fits: boolean;
}

const LINE =
  /^(?:#|<!--) Laid by millwright (?<version>\d+\.\d+\.\d+[\w.+-]*), sha256 (?<sum>[0-9a-f]{64})\.[^\n]*\n/;

/** Reads the stamp of a file; undefined for a file that is somebody else's. Line ends of Windows count as ordinary. */
export function readStamp(text: string): Stamp | undefined {
  const plain = text.replaceAll('\r\n', '\n');
  const found = LINE.exec(plain);
  const { version, sum } = found?.groups ?? {};
  if (found === null || version === undefined || sum === undefined) return undefined;
  return { version, sum, fits: sumOf(plain.slice(found[0].length)) === sum };
}

/** The file with a stamp of this version; one that it has is replaced. */
export function stampText(path: string, text: string, version: string): string {
  const body = text.replaceAll('\r\n', '\n').replace(LINE, '');
  const words = `Laid by millwright ${version}, sha256 ${sumOf(body)}. "millwright init --github" updates it unless it was edited.`;
  return `${path.endsWith('.md') ? `<!-- ${words} -->` : `# ${words}`}\n${body}`;
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
