-- What is known of a persona from before a patch was decided on, and how much it works now: one row for each domain of
-- its work, so that only what the patch can touch is summed up.
-- Faults of the infrastructure (outcome = 'error') count for nobody.
--   domain                  null for work of which nobody said where it lies
--   runs, accepted          before the decision, under any version
--   own_runs, own_accepted  the same under the version that the patch changed
--   recent                  runs that happened from $since on, under any version
SELECT
  domain,
  count(*) FILTER (recorded_at < $after::TIMESTAMP) AS runs,
  count(*) FILTER (recorded_at < $after::TIMESTAMP AND outcome = 'accepted') AS accepted,
  count(*) FILTER (recorded_at < $after::TIMESTAMP AND persona_version = $control) AS own_runs,
  count(*) FILTER (
    recorded_at < $after::TIMESTAMP AND persona_version = $control AND outcome = 'accepted'
  ) AS own_accepted,
  count(*) FILTER (least(emitted_at, recorded_at) >= $since::TIMESTAMP) AS recent
FROM outcome
WHERE persona_id = $persona AND outcome <> 'error'
GROUP BY domain
ORDER BY domain
