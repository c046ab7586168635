-- The patches that the week made, tested or decided.
--   verdict  of the newest test up to the end of the week; null where nobody tested
WITH decided AS (
  SELECT * FROM patch_decision
  WHERE recorded_at < $to::TIMESTAMP
  QUALIFY row_number() OVER (PARTITION BY patch_id ORDER BY recorded_at DESC, id DESC) = 1
),
tested AS (
  SELECT * FROM patch_test
  WHERE recorded_at < $to::TIMESTAMP
  QUALIFY row_number() OVER (PARTITION BY patch_id ORDER BY recorded_at DESC, id DESC) = 1
),
alone AS (
  SELECT DISTINCT patch_id FROM auto_apply WHERE recorded_at < $to::TIMESTAMP
)
SELECT
  p.id,
  p.persona_id,
  p.from_version,
  p.to_version,
  p.deltas::VARCHAR AS deltas,
  p.reverts,
  try_cast(p.predicted_effect->>'$.baseline' AS DOUBLE) AS baseline,
  try_cast(p.predicted_effect->>'$.expected' AS DOUBLE) AS expected,
  t.verdict,
  t.wins,
  t.losses,
  t.p_value,
  d.decision,
  d.decided_by,
  d.reason,
  a.patch_id IS NOT NULL AS auto_applied
FROM patch p
LEFT JOIN decided d ON d.patch_id = p.id
LEFT JOIN tested t ON t.patch_id = p.id
LEFT JOIN alone a ON a.patch_id = p.id
WHERE p.recorded_at < $to::TIMESTAMP
  AND greatest(p.recorded_at, d.recorded_at, t.recorded_at) >= $from::TIMESTAMP
ORDER BY p.persona_id, p.recorded_at, p.id
