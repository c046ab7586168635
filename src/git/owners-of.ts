/** One line of a CODEOWNERS file. */
interface OwnerRule {
  readonly pattern: RegExp;
  readonly owners: readonly string[];
}

/** A file that is larger is not read by GitHub either. */
const MOST_CHARACTERS = 3_000_000;

/**
 * The owners of a file, by the last line that matches; none where that line names none.
 * @param text a CODEOWNERS file; lines that GitHub does not take are skipped
 */
export function ownersOf(text: string, path: string): readonly string[] {
  return parseRules(text).findLast(({ pattern }) => pattern.test(path))?.owners ?? [];
}

function parseRules(text: string): OwnerRule[] {
  if (text.length > MOST_CHARACTERS) return [];
  return text.split(/\r?\n/).flatMap((line) => parseRule(line) ?? []);
}

function parseRule(line: string): OwnerRule | undefined {
  const words = line
    .replace(/(?:^|\s)#.*$/, '')
    .trim()
    .match(/(?:\\.|\S)+/g);
  const [pattern, ...owners] = words ?? [];
  // GitHub knows neither "not" nor ranges of characters here.
  if (pattern === undefined || /^!|[[\]]/.test(pattern) || !owners.every(isOwner)) return undefined;
  return { pattern: patternOf(pattern.replaceAll(/\\(.)/g, '$1')), owners };
}

function isOwner(word: string): boolean {
  return /^@[\w-]+(?:\/[\w.-]+)?$/.test(word) || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(word);
}

/**
 * A pattern with a slash before its end counts from the top, others anywhere. One that names a folder takes all
 * that is below; one that ends in a star takes the files of one folder only.
 */
function patternOf(pattern: string): RegExp {
  const isAnchored = /\/./.test(pattern);
  const parts = pattern.replace(/^\//, '').replace(/\/$/, '').split('/');
  const start = isAnchored ? '^' : '^(?:.*/)?';
  return new RegExp(`${start}${joinParts(parts)}${endOf(pattern)}`, 'su');
}

function joinParts(all: readonly string[]): string {
  // Two of them mean what one means, and many would take long to match.
  const parts = all.filter((part, at) => part !== '**' || all[at - 1] !== '**');
  return parts
    .map((part, at) => {
      const isLast = at === parts.length - 1;
      if (part === '**') return isLast ? '.+' : '(?:.*/)?';
      return `${segment(part)}${isLast ? '' : '/'}`;
    })
    .join('');
}

function endOf(pattern: string): string {
  if (pattern.endsWith('/')) return '/.+$';
  if (pattern.endsWith('**')) return '$';
  const last = pattern.split('/').at(-1) ?? '';
  return last === '*' && pattern !== '*' ? '$' : '(?:/.+)?$';
}

function segment(part: string): string {
  return part
    .replaceAll(/[.+^${}()|\\/]/g, '\\$&')
    .replaceAll(/\*+/g, '[^/]*')
    .replaceAll('?', '[^/]');
}
