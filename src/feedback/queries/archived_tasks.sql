-- The tasks that a persona has worked on: one row each, with what its newest outcome says of it.
--   task_id      the slot of a piece of work of the queue, else the paired key, else the idea
--   group_id     the paired key, else the idea: what all variants of a piece of work have in common
--   slot_id      null for outcomes from elsewhere
--   mean_cost    of all runs of the persona that told theirs, USD; null when none did
-- Faults of the infrastructure (outcome = 'error') count for nobody.
WITH runs AS (
  SELECT
    *,
    CASE WHEN source = 'queue' THEN extra->>'$.slot_id' END AS slot_id,
    avg(cost_usd) OVER () AS mean_cost
  FROM outcome
  WHERE persona_id = $persona AND outcome <> 'error'
)
SELECT
  coalesce(slot_id, paired_key, idea_id) AS task_id,
  coalesce(paired_key, idea_id) AS group_id,
  idea_id,
  slot_id,
  domain,
  notes,
  commit_hash,
  mean_cost
FROM runs
QUALIFY row_number() OVER (PARTITION BY task_id ORDER BY recorded_at DESC, id DESC) = 1
ORDER BY task_id
