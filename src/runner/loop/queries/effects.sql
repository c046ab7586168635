-- How far each merged patch has come, of those that the week measured or decided: the decision where there is one, else
-- the newest measurement.
WITH told AS (
  SELECT
    patch_id, persona_id, control_version, treatment_version, method, control_runs, treatment_runs, difference,
    difference_low, difference_high, evidence_harm, evidence_benefit, recorded_at, id,
    decision AS standing, reason, predicted_difference AS predicted, 1 AS rank
  FROM effect_decision
  UNION ALL
  SELECT
    patch_id, persona_id, control_version, treatment_version, method, control_runs, treatment_runs, difference,
    difference_low, difference_high, evidence_harm, evidence_benefit, recorded_at, id,
    state, NULL, NULL, 0
  FROM effect_measurement
),
newest AS (
  SELECT * FROM told
  WHERE recorded_at < $to::TIMESTAMP
  QUALIFY row_number() OVER (PARTITION BY patch_id ORDER BY rank DESC, recorded_at DESC, id DESC) = 1
)
SELECT
  n.* EXCLUDE (recorded_at, id, rank, predicted),
  coalesce(
    n.predicted,
    try_cast(p.predicted_effect->>'$.expected' AS DOUBLE) - try_cast(p.predicted_effect->>'$.baseline' AS DOUBLE)
  ) AS predicted
FROM newest n
LEFT JOIN patch p ON p.id = n.patch_id
WHERE n.recorded_at >= $from::TIMESTAMP
ORDER BY n.persona_id, n.treatment_version, n.patch_id
