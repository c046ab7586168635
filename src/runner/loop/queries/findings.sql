-- The recommendations of the week, the most urgent first, and how each stands.
SELECT
  r.id,
  r.target_persona AS persona,
  r.recommendation_type AS type,
  r.priority,
  r.title,
  r.evidence->>'$[0].statement' AS statement,
  try_cast(r.evidence->>'$[0].p_adjusted' AS DOUBLE) AS p_adjusted,
  s.status
FROM recommendation r
LEFT JOIN recommendation_status s ON s.recommendation_id = r.id
WHERE r.recorded_at >= $from::TIMESTAMP AND r.recorded_at < $to::TIMESTAMP
ORDER BY array_position(['critical', 'high', 'medium', 'low'], r.priority), r.title, r.id
