/** What a report says of a week: the rows of the queries beside this file, each under the name of its file. */
export interface ReportFacts {
  readonly records_by_kind: readonly { kind: string; this_week: number; week_before: number }[];
  readonly outcomes_by_persona: readonly {
    persona: string;
    runs: number;
    accepted: number;
    errors: number;
    /** USD; null unless every run told its cost. */
    cost_usd: number | null;
  }[];
  /** `week` is its Monday. */
  readonly success_by_week: readonly { week: string; persona: string; runs: number; accepted: number }[];
  readonly cost_by_week: readonly { week: string; on: string; cost_usd: number }[];
  /** At most one. */
  readonly analyses: readonly {
    outcomes: number;
    comparisons: number;
    findings: number;
    watch: number;
    not_enough_data: number;
  }[];
  readonly findings: readonly {
    id: string;
    persona: string | null;
    type: string;
    priority: string;
    title: string;
    statement: string | null;
    p_adjusted: number | null;
    status: string | null;
  }[];
  readonly explanations: readonly {
    id: string;
    title: string;
    state: string;
    /** JSON, as `contracts/explanation.ts` has it. */
    causes: string | null;
    drafts: number;
    records_read: number | null;
    quotes_dropped: number | null;
    error: string | null;
  }[];
  readonly patches: readonly {
    id: string;
    persona_id: string;
    from_version: string;
    to_version: string;
    /** JSON, as `contracts/delta.ts` has it. */
    deltas: string | null;
    reverts: string | null;
    baseline: number | null;
    expected: number | null;
    verdict: string | null;
    wins: number | null;
    losses: number | null;
    p_value: number | null;
    decision: string | null;
    decided_by: string | null;
    reason: string | null;
    auto_applied: boolean;
  }[];
  readonly proposals: readonly { proposal_id: string; result: string | null; detail: string | null }[];
  readonly effects: readonly EffectFacts[];
  /** One. */
  readonly calibration: readonly { patches: number; slope: number | null; mean_abs_error: number | null }[];
  readonly model_calls: readonly {
    tier: string;
    model: string;
    persona: string;
    calls: number;
    not_ok: number;
    tokens_read: number;
    tokens_written: number;
    cost_usd: number | null;
    unpriced: number;
  }[];
  /** One. */
  readonly replays: readonly { runs: number; cost_usd: number | null; unpriced: number }[];
  /** One. */
  readonly health: readonly {
    rejected: number;
    failed_passes: number;
    dead_slots: number;
    expired_leases: number;
    failed_explanations: number;
    failed_calls: number;
    alerts: number;
  }[];
  readonly schedule_runs: readonly {
    schedule: string;
    due_at: string;
    attempt: number;
    state: string;
    missed: number;
    error: string | null;
  }[];
}

/** Differences are of success rates, -1 to 1. */
export interface EffectFacts {
  readonly patch_id: string;
  readonly persona_id: string;
  readonly control_version: string;
  readonly treatment_version: string;
  readonly method: string;
  readonly control_runs: number;
  readonly treatment_runs: number;
  readonly predicted: number | null;
  readonly difference: number | null;
  readonly difference_low: number | null;
  readonly difference_high: number | null;
  readonly evidence_harm: number;
  readonly evidence_benefit: number;
  readonly standing: string;
  readonly reason: string | null;
}
