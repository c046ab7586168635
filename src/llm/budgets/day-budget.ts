import { z } from 'zod';
import { amount, instant, name } from '../../contracts/fields.ts';
import { nanoUsd } from './nano-usd.ts';

/** Billionths of a dollar: in all, and of that for each persona. */
export interface Sums {
  readonly total: number;
  readonly personas: ReadonlyMap<string, number>;
}

/** What all machines have spent on models in a day, and what running processes have taken out to spend. */
export interface DayBudget {
  /** UTC, such as 2026-11-21, by the clock of the machine that spends: see .github/decisions/language-models.md. */
  readonly day: string;
  /** By processes that have given back the rest. */
  readonly spent: Sums;
  /** By process. The one of a process that was killed stays until the day is over: what it spent nobody knows. */
  readonly holds: ReadonlyMap<string, Sums & { readonly since: string }>;
}

export const nothing: Sums = { total: 0, personas: new Map() };

export function emptyDay(day: string): DayBudget {
  return { day, spent: nothing, holds: new Map() };
}

export function plus(a: Sums, b: Sums): Sums {
  const personas = new Map(a.personas);
  for (const [id, nanos] of b.personas) personas.set(id, (personas.get(id) ?? 0) + nanos);
  return { total: a.total + b.total, personas };
}

/** Everything that counts against the limits of the day. */
export function allOf({ spent, holds }: DayBudget): Sums {
  return [...holds.values()].reduce<Sums>(plus, spent);
}

const sums = z.strictObject({ total_usd: amount, personas: z.record(z.string(), amount) });

const file = z.strictObject({
  day: z.iso.date(),
  spent: sums,
  holds: z.array(z.strictObject({ holder: name, since: instant, ...sums.shape })),
});

/** undefined for what is no budget of this day: then nobody knows what was spent. */
export function parseDay(day: string, content: Buffer): DayBudget | undefined {
  const read = file.safeParse(parsed(content));
  if (!read.success || read.data.day !== day) return undefined;
  const holds = read.data.holds.map(
    ({ holder, since, ...held }) => [holder, { since, ...fromFile(held) }] as const,
  );
  return { day, spent: fromFile(read.data.spent), holds: new Map(holds) };
}

export function showDay({ day, spent, holds }: DayBudget): string {
  const held = [...holds].map(([holder, { since, ...one }]) => ({ holder, since, ...toFile(one) }));
  return `${JSON.stringify({ day, spent: toFile(spent), holds: held })}\n`;
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function fromFile({ total_usd: total, personas }: z.infer<typeof sums>): Sums {
  const each = Object.entries(personas).map(([id, usd]) => [id, nanoUsd.exact(usd)] as const);
  return { total: nanoUsd.exact(total), personas: new Map(each) };
}

function toFile({ total, personas }: Sums): z.infer<typeof sums> {
  const each = [...personas].map(([id, nanos]) => [id, nanoUsd.toUsd(nanos)] as const);
  return { total_usd: nanoUsd.toUsd(total), personas: Object.fromEntries(each) };
}
