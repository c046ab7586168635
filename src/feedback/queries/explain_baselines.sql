-- Runs of each persona in the window of the analysis, and how many of them were accepted.
-- The window is the last $days days before the newest outcome; faults of the infrastructure count for nobody.
WITH run AS (
  SELECT persona_id, outcome, least(emitted_at, recorded_at) AS seen FROM outcome
)
SELECT
  persona_id,
  count(*) AS runs,
  count(*) FILTER (outcome = 'accepted') AS accepted
FROM run
WHERE outcome <> 'error'
  AND persona_id IS NOT NULL
  AND seen >= (SELECT max(seen) FROM run) - to_days($days::INTEGER)
GROUP BY persona_id
ORDER BY persona_id
