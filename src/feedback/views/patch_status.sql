-- Where each patch stands, and what was predicted of it.
--
-- patch_id: the patch
-- persona_id: whom it changes
-- from_version: the version that it was made for
-- to_version: the version that it makes
-- component: the part of the persona that it changes
-- changes: how many deltas it has
-- status: proposed until somebody decides, then applied or rejected
-- proposal_id: the proposal that was decided on; null until then
-- decided_by: who decided
-- decided_at: when, UTC
-- reason: why, in the words of who decided
-- days_to_decision: from the record of the patch to the decision, days
-- baseline: acceptance rate before the patch, 0 to 1, as predicted; null where no figures stood behind it
-- expected: acceptance rate after it, 0 to 1, as predicted
-- recommendations: how many recommendations it carries
-- recorded_at: when the patch was recorded, UTC
WITH decisions AS (
  SELECT * FROM patch_decision
  QUALIFY row_number() OVER (PARTITION BY patch_id ORDER BY recorded_at DESC, id DESC) = 1
)
SELECT
  p.id AS patch_id,
  p.persona_id,
  p.from_version,
  p.to_version,
  p.component,
  json_array_length(p.deltas)::BIGINT AS changes,
  coalesce(nullif(d.decision, 'reconsidered'), 'proposed') AS status,
  d.proposal_id,
  d.decided_by,
  d.decided_at,
  d.reason,
  round(epoch(d.decided_at - p.recorded_at) / 86400, 3) AS days_to_decision,
  (p.predicted_effect->>'$.baseline')::DOUBLE AS baseline,
  (p.predicted_effect->>'$.expected')::DOUBLE AS expected,
  coalesce(len(p.recommendation_ids), 0) AS recommendations,
  p.recorded_at
FROM patch p
LEFT JOIN decisions d ON d.patch_id = p.id
