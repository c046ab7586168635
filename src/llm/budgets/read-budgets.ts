import type { Workspace } from '../../ledger/workspace.ts';
import { cellLedger } from './cell-ledger.ts';
import { allOf, type Sums } from './day-budget.ts';
import { nanoUsd } from './nano-usd.ts';

/** USD. `used` counts what running processes have taken out, too. */
export interface BudgetsToday {
  /** UTC. */
  readonly day: string;
  readonly per_pass_usd: number;
  readonly per_day: { readonly limit_usd: number; readonly used_usd: number; readonly left_usd: number };
  readonly per_persona: {
    readonly limit_usd: number;
    readonly personas: Readonly<Record<string, { readonly used_usd: number; readonly left_usd: number }>>;
  };
}

/** How much may still be spent today. Throws `budget-unreadable`, and what the remote throws. */
export async function readBudgets(workspace: Workspace): Promise<BudgetsToday> {
  const day = workspace.clock.now().toISOString().slice(0, 10);
  const { per_pass_usd, per_day_usd, per_persona_usd } = workspace.settings.llm;
  const all = allOf((await cellLedger(workspace).read(day)).budget);
  return {
    day,
    per_pass_usd,
    per_day: { limit_usd: per_day_usd, ...against(all.total, per_day_usd) },
    per_persona: { limit_usd: per_persona_usd, personas: eachPersona(all, per_persona_usd) },
  };
}

function eachPersona({ personas }: Sums, limit: number) {
  return Object.fromEntries([...personas].map(([id, nanos]) => [id, against(nanos, limit)]));
}

function against(nanos: number, limit: number) {
  const left = Math.max(0, nanoUsd.down(limit) - nanos);
  return { used_usd: nanoUsd.toUsd(nanos), left_usd: nanoUsd.toUsd(left) };
}
