-- What came in, by kind: this week and the week before, by when it was recorded. What runners write about their own
-- work (passes, analyses, schedules, batches) is left out: a report that counted it would never be the same twice.
WITH happened AS (
  SELECT 'outcome' AS kind, recorded_at FROM outcome
  UNION ALL SELECT 'recommendation', recorded_at FROM recommendation
  UNION ALL SELECT 'patch', recorded_at FROM patch
  UNION ALL SELECT 'patch_decision', recorded_at FROM patch_decision
  UNION ALL SELECT 'patch_test', recorded_at FROM patch_test
  UNION ALL SELECT 'replay_run', recorded_at FROM replay_run
  UNION ALL SELECT 'auto_apply', recorded_at FROM auto_apply
  UNION ALL SELECT 'effect_measurement', recorded_at FROM effect_measurement
  UNION ALL SELECT 'effect_decision', recorded_at FROM effect_decision
  UNION ALL SELECT 'explanation', recorded_at FROM explanation
  UNION ALL SELECT 'research_signal', recorded_at FROM research_signal
  UNION ALL SELECT 'signal_consumed', recorded_at FROM signal_consumed
  UNION ALL SELECT 'thought', recorded_at FROM thought
  UNION ALL SELECT 'item_event', recorded_at FROM item_event
  UNION ALL SELECT 'slot_event', recorded_at FROM slot_event
  UNION ALL SELECT 'llm_call', recorded_at FROM llm_call
)
SELECT
  kind,
  count(*) FILTER (recorded_at >= $from::TIMESTAMP) AS this_week,
  count(*) FILTER (recorded_at < $from::TIMESTAMP) AS week_before
FROM happened
WHERE recorded_at >= $from::TIMESTAMP - INTERVAL 7 DAY AND recorded_at < $to::TIMESTAMP
GROUP BY kind
ORDER BY kind
