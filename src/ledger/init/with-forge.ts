import { isDeepStrictEqual } from 'node:util';
import { parseBytes } from '../../contracts/parse-text.ts';

/**
 * The settings with `forge: github`, every comment and line where it was; undefined when they name a forge already,
 * or are written so that a line at the end would say something else.
 */
export function withForge(text: string): string | undefined {
  const before = dataOf(text);
  if (before === undefined || 'forge' in before) return undefined;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const whole = text === '' || text.endsWith('\n') ? text : `${text}${end}`;
  const next = `${whole}forge: github${end}`;
  return isDeepStrictEqual(dataOf(next), { ...before, forge: 'github' }) ? next : undefined;
}

function dataOf(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.replaceAll(/^\s*#.*$/gm, '').trim() === '') return {};
  const read = parseBytes(Buffer.from(text), '.yaml');
  if (!read.ok || typeof read.data !== 'object' || read.data === null || Array.isArray(read.data))
    return undefined;
  return { ...read.data };
}
