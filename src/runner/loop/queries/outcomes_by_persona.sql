-- The outcomes of the week by persona, by when they were recorded. Faults of the infrastructure count for nobody.
--   cost_usd  what the runs cost together; null unless every one of them reported a cost
SELECT
  coalesce(persona_id, 'nobody named') AS persona,
  count(*) FILTER (outcome <> 'error') AS runs,
  count(*) FILTER (outcome = 'accepted') AS accepted,
  count(*) FILTER (outcome = 'error') AS errors,
  CASE
    WHEN count(cost_usd) FILTER (outcome <> 'error') = count(*) FILTER (outcome <> 'error')
      THEN round(sum(cost_usd) FILTER (outcome <> 'error' AND isfinite(cost_usd)), 6)
  END AS cost_usd
FROM outcome
WHERE recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP
GROUP BY persona
ORDER BY runs DESC, persona
