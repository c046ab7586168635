-- The latest word on each proposal, from the passes that looked at it and the decision on it.
--
-- proposal_id: the branch and key of the proposal
-- result: what the latest pass made of it (opened, unchanged, updated, capped, edited-by-human, merged, rejected, stuck); null where a decision is recorded but no pass is
-- detail: what that pass added, in one line
-- decision: applied, rejected, or reconsidered where a refusal was taken back; null until somebody decides
-- decided_by: who decided
-- decided_at: when, UTC
-- reason: why, in the words of who decided
-- patch_id: the patch that was decided on
-- passes: how many recorded passes named it; a pass that changed nothing leaves no record
-- first_seen_at: start of the first such pass, UTC
-- last_seen_at: start of the latest, UTC
WITH told AS (
  SELECT id, started_at, unnest(proposals->'$[*]') AS said FROM pass
),
latest AS (
  SELECT
    said->>'proposal_id' AS proposal_id,
    arg_max(said, (started_at, id)) AS said,
    count(DISTINCT id) AS passes,
    min(started_at) AS first_seen_at,
    max(started_at) AS last_seen_at
  FROM told
  GROUP BY ALL
),
decisions AS (
  SELECT * FROM patch_decision
  QUALIFY row_number() OVER (PARTITION BY proposal_id ORDER BY recorded_at DESC, id DESC) = 1
)
SELECT
  coalesce(l.proposal_id, d.proposal_id) AS proposal_id,
  l.said->>'result' AS result,
  l.said->>'detail' AS detail,
  d.decision,
  d.decided_by,
  d.decided_at,
  d.reason,
  d.patch_id,
  coalesce(l.passes, 0) AS passes,
  l.first_seen_at,
  l.last_seen_at
FROM latest l
FULL JOIN decisions d ON d.proposal_id = l.proposal_id
