-- How often the outcomes of a window say that a playbook bullet helped or misled.
-- One record has one vote on a bullet. Faults of the infrastructure (outcome = 'error') count for nobody.
-- With $split, only the outcomes on that side of the split of the gate, as src/feedback/gate/split-of.ts draws it:
-- 99999999 is 0.6 of what eight hexadecimal digits hold. null: all outcomes.
--   helpful, harmful  votes
--   record_ids        records with a vote of harm, at most 100
WITH seen AS (
  SELECT id, persona_id, bullets_helpful, bullets_harmful
  FROM outcome
  WHERE outcome <> 'error'
    AND least(emitted_at, recorded_at) BETWEEN $from::TIMESTAMP AND $to::TIMESTAMP
    AND ($split::VARCHAR IS NULL OR $split = CASE
      WHEN left(sha256(to_json([persona_id, coalesce(paired_key, idea_id)])::VARCHAR), 8) <= '99999999' THEN 'reflect'
      ELSE 'gate'
    END)
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
