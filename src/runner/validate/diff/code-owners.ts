/** Where GitHub looks for it, in this order. */
export const CODE_OWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** Whom a CODEOWNERS file names for a path: the last line that fits counts. Pure. */
export function codeOwners(text: string, path: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/, '').trim());
  const owned = lines.findLast((line) => line !== '' && fits(line.split(/\s+/)[0] ?? '', path));
  return owned?.split(/\s+/).slice(1) ?? [];
}

/** A pattern with a slash inside starts at the root, one without holds at any depth; a folder holds all below it. */
function fits(pattern: string, path: string): boolean {
  const body = pattern.replace(/^\//, '').replace(/\/$/, '');
  const anchored = pattern.startsWith('/') || body.includes('/');
  const wanted = body.split('/');
  const parts = path.split('/');
  // A star at the end holds the files of its folder, and none below.
  const isFolder = !/\/\*$/.test(pattern);
  const starts = anchored ? [0] : parts.map((_, at) => at);
  return starts.some((start) => matches(wanted, parts.slice(start), isFolder));
}

function matches(wanted: readonly string[], parts: readonly string[], below: boolean): boolean {
  const [first, ...rest] = wanted;
  if (first === undefined) return parts.length === 0 || below;
  if (first === '**')
    return matches(rest, parts, below) || (parts.length > 0 && matches(wanted, parts.slice(1), below));
  return parts.length > 0 && wordFits(first, parts[0] ?? '') && matches(rest, parts.slice(1), below);
}

function wordFits(pattern: string, word: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(word);
}
