-- Pairs of attempts at the same work by two models under the same persona and version, by domain.
-- Where a model tried the same work more than once, its last attempt counts.
-- With $split, only the outcomes on that side of the split of the gate, as src/feedback/gate/split-of.ts draws it:
-- 99999999 is 0.6 of what eight hexadecimal digits hold. null: all outcomes.
--   pairs                 how many pieces of work both tried
--   wins, losses          only the candidate succeeded; only the other did
--   accepted, cost        of each arm over those pairs; the cost is null unless every attempt reported one
--   record_ids            both records of every pair that differs, at most 400
WITH attempts AS (
  SELECT
    id, persona_id, persona_version, domain, paired_key, model, cost_usd,
    outcome = 'accepted' AS ok
  FROM outcome
  WHERE outcome <> 'error'
    AND persona_id IS NOT NULL AND paired_key IS NOT NULL AND model IS NOT NULL
    AND least(emitted_at, recorded_at) BETWEEN $from::TIMESTAMP AND $to::TIMESTAMP
    AND ($split::VARCHAR IS NULL OR $split = CASE
      WHEN left(sha256(to_json([persona_id, coalesce(paired_key, idea_id)])::VARCHAR), 8) <= '99999999' THEN 'reflect'
      ELSE 'gate'
    END)
  QUALIFY row_number() OVER (
    PARTITION BY persona_id, persona_version, domain, paired_key, model
    ORDER BY least(emitted_at, recorded_at) DESC, id DESC
  ) = 1
)
SELECT
  a.persona_id,
  a.domain,
  a.model AS candidate,
  b.model AS other,
  count(*) AS pairs,
  count(*) FILTER (a.ok AND NOT b.ok) AS wins,
  count(*) FILTER (b.ok AND NOT a.ok) AS losses,
  count(*) FILTER (a.ok) AS candidate_accepted,
  count(*) FILTER (b.ok) AS other_accepted,
  CASE WHEN count(a.cost_usd) = count(*) THEN nullif(sum(a.cost_usd ORDER BY a.id), 'Infinity') END AS candidate_cost,
  CASE WHEN count(b.cost_usd) = count(*) THEN nullif(sum(b.cost_usd ORDER BY b.id), 'Infinity') END AS other_cost,
  coalesce(flatten(list([a.id, b.id] ORDER BY a.id) FILTER (a.ok <> b.ok)), [])[1:400] AS record_ids
FROM attempts a
JOIN attempts b
  ON a.persona_id = b.persona_id
  AND a.persona_version IS NOT DISTINCT FROM b.persona_version
  AND a.domain IS NOT DISTINCT FROM b.domain
  AND a.paired_key = b.paired_key
  AND a.model <> b.model
GROUP BY ALL
ORDER BY ALL
