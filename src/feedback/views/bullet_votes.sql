-- How often the outcomes of a window say that a playbook bullet helped or misled.
--   helpful, harmful  votes
--   record_ids        records with a vote of harm, at most 100
WITH votes AS (
  SELECT id, persona_id, unnest(bullets_helpful) AS bullet, true AS helped
  FROM outcome
  WHERE coalesce(emitted_at, recorded_at) BETWEEN $from::TIMESTAMP AND $to::TIMESTAMP
  UNION ALL
  SELECT id, persona_id, unnest(bullets_harmful) AS bullet, false AS helped
  FROM outcome
  WHERE coalesce(emitted_at, recorded_at) BETWEEN $from::TIMESTAMP AND $to::TIMESTAMP
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
