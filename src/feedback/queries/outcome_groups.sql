-- Outcomes of a window by persona, version, model and domain.
-- Faults of the infrastructure (outcome = 'error') count for nobody.
-- With $split, only the outcomes on that side of the split of the gate, as src/feedback/gate/split-of.ts draws it:
-- 99999999 is 0.6 of what eight hexadecimal digits hold. null: all outcomes.
--   n         attempts
--   accepted  how many of them succeeded
--   cost_usd  what they cost together; null unless every attempt reported a cost
--   failed    ids of the records that did not succeed, oldest first, at most 100
SELECT
  persona_id,
  persona_version,
  model,
  domain,
  count(*) AS n,
  count(*) FILTER (outcome = 'accepted') AS accepted,
  CASE WHEN count(cost_usd) = count(*) THEN nullif(sum(cost_usd ORDER BY id), 'Infinity') END AS cost_usd,
  coalesce(list(id ORDER BY id) FILTER (outcome <> 'accepted'), [])[1:100] AS failed
FROM outcome
WHERE outcome <> 'error'
  AND persona_id IS NOT NULL
  AND least(emitted_at, recorded_at) BETWEEN $from::TIMESTAMP AND $to::TIMESTAMP
  AND ($split::VARCHAR IS NULL OR $split = CASE
    WHEN left(sha256(to_json([persona_id, coalesce(paired_key, idea_id)])::VARCHAR), 8) <= '99999999' THEN 'reflect'
    ELSE 'gate'
  END)
GROUP BY ALL
ORDER BY ALL
