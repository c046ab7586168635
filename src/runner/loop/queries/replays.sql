-- Replays of the week.
SELECT
  count(*) AS runs,
  round(sum(cost_usd) FILTER (isfinite(cost_usd)), 6) AS cost_usd,
  count(*) FILTER (cost_usd IS NULL) AS unpriced
FROM replay_run
WHERE recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP
