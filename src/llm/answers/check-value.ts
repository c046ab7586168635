import type { z } from 'zod';
import { describeZodIssues } from '../../contracts/describe-zod.ts';

export type CheckedValue<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** A model that gets everything wrong is told about the first of it. */
const MOST_REASONS = 10;

/** Holds what a model has made against a schema. The reasons name each field, for people and for the model. */
export function checkValue<T>(schema: z.ZodType<T>, data: unknown): CheckedValue<T> {
  try {
    const read = schema.safeParse(data);
    return read.success ? { ok: true, value: read.data } : { ok: false, reason: reasonsOf(read.error, data) };
  } catch (error) {
    // Nesting without end breaks the checker, not the program.
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, reason: 'expected less nesting than thousands of levels' };
  }
}

function reasonsOf(error: z.ZodError, data: unknown): string {
  const issues = describeZodIssues(error, data, () => undefined);
  const reasons = issues
    .slice(0, MOST_REASONS)
    .map(
      ({ field, expected, found }) =>
        `${field === '' ? '' : `${field}: `}expected ${expected}, found ${found}`,
    );
  const more = issues.length - reasons.length;
  return [...reasons, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
