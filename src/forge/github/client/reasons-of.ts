import { z } from 'zod';
import { told } from './told.ts';

const refusal = z.object({
  message: z.string().optional().catch(undefined),
  errors: z.array(z.unknown()).max(1_000).optional().catch(undefined),
});

const fieldError = z.object({
  resource: z.string().optional().catch(undefined),
  field: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
});

const MOST_REASONS = 5;

/** GitHub's own words about a refusal: its message, then one for each field that it names. Cleaned, and few. */
export function reasonsOf(data: unknown, token: string): string[] {
  const parsed = refusal.safeParse(data);
  if (!parsed.success) return typeof data === 'string' && !data.includes('<') ? clean([data], token) : [];
  const { message = '', errors = [] } = parsed.data;
  return clean([message, ...errors.map(wordsOf)], token);
}

function wordsOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const { resource, field, code, message } = fieldError.catch({}).parse(error);
  const place = [resource, field].filter((part) => part !== undefined).join('.');
  return [place, message ?? code].filter((part) => part !== undefined && part !== '').join(': ');
}

function clean(words: readonly string[], token: string): string[] {
  const lines = words.map((line) => told(line, token)).filter((line) => line !== '');
  return [...new Set(lines)].slice(0, MOST_REASONS);
}
