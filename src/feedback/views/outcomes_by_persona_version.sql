-- What became of the work of each version of each persona.
--
-- persona_id: who did the work; null where a record names nobody
-- persona_version: the version that it was done under; null where a record names none
-- runs: outcomes that count; those with outcome error are faults of the infrastructure and count for nobody
-- accepted: runs that succeeded
-- success_rate: accepted by runs, 0 to 1; null without runs
-- rate_low: lower bound of the 95 % Wilson interval of success_rate; 0 without runs
-- rate_high: upper bound of the 95 % Wilson interval of success_rate; 1 without runs
-- cost_usd: what the runs cost together, USD; null unless every one of them reported a cost
-- cost_per_success: cost_usd by accepted, USD; null without a success
-- avg_minutes: mean duration of the runs that reported one, minutes
-- errors: outcomes that count for nobody
-- first_at: when the oldest of all of them happened, UTC; nothing happens after it was recorded
-- last_at: when the newest of all of them happened, UTC
WITH parts AS (
  -- First by outcome as well: that leaves a handful of rows to tell apart, however long the history is.
  SELECT
    persona_id,
    persona_version,
    outcome,
    count(*) AS n,
    count(cost_usd) AS priced,
    sum(cost_usd) AS cost,
    count(duration_seconds) AS timed,
    sum(duration_seconds) AS seconds,
    min(least(emitted_at, recorded_at)) AS first_at,
    max(least(emitted_at, recorded_at)) AS last_at
  FROM outcome
  GROUP BY ALL
),
counted AS (
  SELECT
    persona_id,
    persona_version,
    coalesce(sum(n) FILTER (outcome <> 'error'), 0)::BIGINT AS runs,
    coalesce(sum(n) FILTER (outcome = 'accepted'), 0)::BIGINT AS accepted,
    coalesce(sum(n) FILTER (outcome = 'error'), 0)::BIGINT AS errors,
    sum(priced) FILTER (outcome <> 'error') AS priced,
    sum(cost) FILTER (outcome <> 'error') AS cost,
    sum(timed) FILTER (outcome <> 'error') AS timed,
    sum(seconds) FILTER (outcome <> 'error') AS seconds,
    min(first_at) AS first_at,
    max(last_at) AS last_at
  FROM parts
  GROUP BY persona_id, persona_version
),
rated AS (
  -- 3.841459 is the square of 1.959964, the normal quantile of both bounds.
  SELECT
    *,
    accepted / nullif(runs, 0) AS rate,
    3.841459 / nullif(runs, 0) AS weight,
    -- Rounded, because threads add floats up in any order.
    CASE WHEN priced = runs AND isfinite(cost) THEN round(cost, 6) END AS cost_usd
  FROM counted
),
bounded AS (
  SELECT
    *,
    (rate + weight / 2) / (1 + weight) AS centre,
    sqrt(rate * (1 - rate) * weight + weight * weight / 4) / (1 + weight) AS spread
  FROM rated
)
SELECT
  persona_id,
  persona_version,
  runs,
  accepted,
  round(rate, 6) AS success_rate,
  round(greatest(0, centre - spread), 6) AS rate_low,
  round(least(1, centre + spread), 6) AS rate_high,
  cost_usd,
  round(cost_usd / nullif(accepted, 0), 6) AS cost_per_success,
  round(seconds / nullif(timed, 0) / 60, 3) AS avg_minutes,
  errors,
  first_at,
  last_at
FROM bounded
