import { parseFrontMatter } from './front-matter.ts';
import type { Issue } from './issue.ts';
import { parseJson } from './json-text.ts';
import { type ParseResult, unreadable } from './parsed.ts';
import { parseYaml } from './yaml-text.ts';

const parsers: Readonly<Record<string, (text: string) => ParseResult>> = {
  '.json': parseJson,
  '.yaml': parseYaml,
  '.yml': parseYaml,
  '.md': parseFrontMatter,
};

export const contractExtensions = Object.keys(parsers);

/**
 * Reads the bytes of a contract file. A byte order mark and CRLF line ends are accepted.
 * @param extension with its dot, in lower case
 */
export function parseBytes(bytes: Uint8Array, extension: string): ParseResult {
  const parse = parsers[extension];
  if (parse === undefined) {
    return unreadable({
      field: '',
      expected: `a file that ends in ${contractExtensions.join(', ')}`,
      found: extension || 'no ending',
    });
  }
  const text = decode(bytes);
  if (typeof text !== 'string') return unreadable(text);
  const problem = emptyIssue(text) ?? conflictIssue(text);
  if (problem !== undefined) return unreadable(problem);
  try {
    const read = parse(text.replaceAll('\r\n', '\n'));
    return read.ok && isDeeperThan(read.data, DEEPEST) ? tooDeep() : read;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return tooDeep();
  }
}

/** No contract needs more than a handful of levels; what walks through data may then simply recurse. */
const DEEPEST = 50;

function isDeeperThan(data: unknown, levels: number): boolean {
  if (typeof data !== 'object' || data === null) return false;
  return levels === 0 || Object.values(data).some((value) => isDeeperThan(value, levels - 1));
}

function tooDeep(): ParseResult {
  return unreadable({
    field: '',
    expected: `data of ordinary size, at most ${DEEPEST} levels deep`,
    found: 'more',
  });
}

function decode(bytes: Uint8Array): string | Issue {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? { field: '', expected: 'text', found: 'bytes of zero' } : text;
  } catch {
    return { field: '', expected: 'UTF-8 text', found: 'bytes that are not UTF-8' };
  }
}

function emptyIssue(text: string): Issue | undefined {
  return text.trim() === ''
    ? { line: 1, field: '', expected: 'a contract', found: 'an empty file' }
    : undefined;
}

function conflictIssue(text: string): Issue | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith('<<<<<<< '));
  const closes = lines.some((line) => line.startsWith('>>>>>>> '));
  if (at === -1 || !closes) return undefined;
  return { line: at + 1, field: '', expected: 'a merged file', found: 'git conflict markers' };
}
