import { z } from 'zod';

const notAnInstant = 'expected an ISO 8601 instant such as 2026-11-21T08:30:00.000Z';

/** UTC instants with milliseconds. An offset is accepted and converted. */
export const instant = z.iso
  .datetime({ offset: true, error: notAnInstant, abort: true })
  .overwrite((text) => new Date(text).toISOString())
  // An offset can push the first and the last day of the calendar out of it.
  .refine((text) => /^\d{4}-/.test(text), { error: notAnInstant });

export const name = z.string().trim().min(1).max(200);
export const line = z.string().trim().min(1).max(1_000);
export const prose = z.string().trim().min(1).max(100_000);
export const count = z.int().min(0);
export const amount = z.number().min(0);
/** A share between 0 and 1. */
export const share = z.number().min(0).max(1);
export const semver = z.string().regex(/^\d+\.\d+\.\d+$/, 'expected a semantic version such as 1.2.0');
export const kebab = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'expected lower case words joined by "-"')
  .max(80);
/** Facts that have no field of their own yet. Scalars only, so that they stay queryable. */
export const extra = z.record(name, z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]));
