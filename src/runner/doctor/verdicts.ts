import type { Check } from './check.ts';

export const ok = (name: string, detail: string): Check => ({ name, verdict: 'ok', detail });

/** Something that stops nothing yet, or one part only. */
export const warning = (name: string, detail: string, hint: string): Check => ({
  name,
  verdict: 'warning',
  detail,
  hint,
});

export const failed = (name: string, detail: string, hint: string): Check => ({
  name,
  verdict: 'failed',
  detail,
  hint,
});
