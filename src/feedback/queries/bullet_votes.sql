-- How often the outcomes of a window say that a playbook bullet helped or misled.
-- One record has one vote on a bullet. Faults of the infrastructure (outcome = 'error') count for nobody.
--   helpful, harmful  votes
--   record_ids        records with a vote of harm, at most 100
WITH seen AS (
  SELECT id, persona_id, bullets_helpful, bullets_harmful
  FROM outcome
  WHERE outcome <> 'error'
    AND least(emitted_at, recorded_at) BETWEEN $from::TIMESTAMP AND $to::TIMESTAMP
),
votes AS (
  SELECT id, persona_id, unnest(list_distinct(bullets_helpful)) AS bullet, true AS helped FROM seen
  UNION ALL
  SELECT id, persona_id, unnest(list_distinct(bullets_harmful)) AS bullet, false AS helped FROM seen
)
SELECT
  persona_id,
  bullet,
  count(*) FILTER (helped) AS helpful,
  count(*) FILTER (NOT helped) AS harmful,
  coalesce(list(id ORDER BY id) FILTER (NOT helped), [])[1:100] AS record_ids
FROM votes
WHERE persona_id IS NOT NULL
GROUP BY ALL
ORDER BY ALL
