-- Runs for due times of the week that were late, taken over or failed.
SELECT schedule, due_at, attempt, state, missed, error
FROM schedule_run
WHERE due_at >= $from::TIMESTAMP AND due_at < $to::TIMESTAMP
  AND ((state = 'started' AND (missed > 0 OR attempt > 1)) OR state = 'failed' OR (state = 'finished' AND error IS NOT NULL))
ORDER BY due_at, attempt, state, id
