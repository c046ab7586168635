-- What each merged patch was measured to do, against what it had promised.
--
-- patch_id: the patch; those that take another back are left out, because they are not measured
-- persona_id: whom it changed
-- control_version: the version before the merge; the one that the patch was made for where nothing is measured yet
-- treatment_version: the version that the merge made; the one that the patch meant to make where nothing is measured yet
-- state: measuring or alert while it is under way; else promote, roll_back, inconclusive or superseded, as decided
-- method: concurrent or fixed_history; null until something is recorded, as are all figures
-- predicted_difference: change of the success rate that was promised, -1 to 1; null where no figures stood behind the patch
-- difference: success rate under the new version less that under the old one, -1 to 1; null without runs of both. Exaggerated once decided, because counting stops at the pair that decides
-- difference_low: lower bound of its 90 % interval, by Newcombe's score method
-- difference_high: upper bound of that interval
-- control_runs: runs of the old version since the merge that the patch can touch
-- control_accepted: how many of them succeeded
-- treatment_runs: runs of the new version since the merge that the patch can touch
-- treatment_accepted: how many of them succeeded
-- blocks: pairs of one run each that the test has seen
-- evidence_harm: e-value that the new version is worse
-- evidence_benefit: e-value that the new version is better
-- reason: the decision in a sentence; null until then
-- revert_patch_id: the patch that takes it back, where there is one
-- revert_status: what became of that: proposed, applied or rejected
-- merged_at: when the merge was recorded, UTC
-- measured_at: when the figures were recorded, UTC
-- days_to_decision: from the merge to the decision, days; null until then
WITH merges AS (
  SELECT * FROM patch_decision
  QUALIFY row_number() OVER (PARTITION BY patch_id ORDER BY recorded_at DESC, id DESC) = 1
),
measured AS (
  SELECT * FROM effect_measurement
  QUALIFY row_number() OVER (PARTITION BY patch_id ORDER BY recorded_at DESC, measured_at DESC, blocks DESC) = 1
),
decided AS (
  SELECT * FROM effect_decision
  QUALIFY row_number() OVER (PARTITION BY patch_id ORDER BY recorded_at DESC, id DESC) = 1
),
figures AS (
  SELECT
    patch_id, control_version, treatment_version, decision AS state, method, difference, difference_low,
    difference_high, control_runs, control_accepted, treatment_runs, treatment_accepted, blocks, evidence_harm,
    evidence_benefit, reason, decided_at AS measured_at, decided_at
  FROM decided
  UNION ALL BY NAME
  SELECT
    patch_id, control_version, treatment_version, state, method, difference, difference_low, difference_high,
    control_runs, control_accepted, treatment_runs, treatment_accepted, blocks, evidence_harm, evidence_benefit,
    measured_at
  FROM measured
  WHERE patch_id NOT IN (SELECT patch_id FROM decided)
),
reverts AS (
  SELECT p.reverts AS patch_id, p.id AS revert_patch_id, coalesce(nullif(m.decision, 'reconsidered'), 'proposed') AS revert_status
  FROM patch p
  LEFT JOIN merges m ON m.patch_id = p.id
  WHERE p.reverts IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY p.reverts ORDER BY p.recorded_at DESC, p.id DESC) = 1
)
SELECT
  p.id AS patch_id,
  p.persona_id,
  coalesce(f.control_version, p.from_version) AS control_version,
  coalesce(f.treatment_version, p.to_version) AS treatment_version,
  coalesce(f.state, 'measuring') AS state,
  f.method,
  round(
    (p.predicted_effect->>'$.expected')::DOUBLE - (p.predicted_effect->>'$.baseline')::DOUBLE, 6
  ) AS predicted_difference,
  f.difference,
  f.difference_low,
  f.difference_high,
  f.control_runs,
  f.control_accepted,
  f.treatment_runs,
  f.treatment_accepted,
  f.blocks,
  f.evidence_harm,
  f.evidence_benefit,
  f.reason,
  r.revert_patch_id,
  r.revert_status,
  m.recorded_at AS merged_at,
  f.measured_at,
  round(epoch(f.decided_at - m.recorded_at) / 86400, 3) AS days_to_decision
FROM patch p
JOIN merges m ON m.patch_id = p.id AND m.decision = 'applied' AND regexp_full_match(m.commit_hash, '[0-9a-f]{40}')
LEFT JOIN figures f ON f.patch_id = p.id
LEFT JOIN reverts r ON r.patch_id = p.id
WHERE p.reverts IS NULL
