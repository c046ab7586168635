-- What was spent in the twelve weeks up to the end of this one, by when it was spent: what has a price.
WITH spent AS (
  SELECT 'work of agents' AS "on", least(emitted_at, recorded_at) AS happened_at, cost_usd FROM outcome
  UNION ALL
  SELECT 'calls of models', least(emitted_at, recorded_at), cost_usd FROM llm_call
  UNION ALL
  SELECT 'replays', least(emitted_at, recorded_at), cost_usd FROM replay_run
)
SELECT
  strftime(date_trunc('week', happened_at), '%Y-%m-%d') AS week,
  "on",
  round(sum(cost_usd), 6) AS cost_usd
FROM spent
WHERE isfinite(cost_usd)
  AND happened_at >= $to::TIMESTAMP - INTERVAL 84 DAY
  AND happened_at < $to::TIMESTAMP
GROUP BY ALL
ORDER BY week, "on"
