-- How each agent has done, over all its versions.
--
-- agent_id: the persona that did the work
-- name: its id as words; the persona's own file may say it better
-- team_name: always null in the history: which team an agent is on stands in its persona file, and may change
-- success_rate_pct: accepted by all outcomes that count, percent; those with outcome error count for nobody
-- total_tasks_completed: outcomes that were accepted
-- total_tasks_failed: outcomes that were rejected or failed
-- avg_duration_minutes: mean duration of the outcomes that reported one, minutes
SELECT
  persona_id AS agent_id,
  upper(persona_id[1]) || replace(persona_id[2:], '-', ' ') AS name,
  NULL::VARCHAR AS team_name,
  round(100 * count(*) FILTER (outcome = 'accepted') / count(*), 1) AS success_rate_pct,
  count(*) FILTER (outcome = 'accepted') AS total_tasks_completed,
  count(*) FILTER (outcome <> 'accepted') AS total_tasks_failed,
  round(avg(duration_seconds) / 60, 1) AS avg_duration_minutes
FROM outcome
WHERE outcome <> 'error' AND persona_id IS NOT NULL
GROUP BY persona_id
