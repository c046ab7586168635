import type { Issue } from '../../contracts/issue.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';

/** The problems that an error carries; anything else is thrown on. */
export function issuesOf(error: unknown): readonly Issue[] {
  if (error instanceof MillwrightError && Array.isArray(error.data.issues)) return error.data.issues;
  throw error;
}
