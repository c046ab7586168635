-- Success of the busiest personas in the twelve weeks up to the end of this one, by when the work was done.
WITH done AS (
  SELECT
    coalesce(persona_id, 'nobody named') AS persona,
    date_trunc('week', least(emitted_at, recorded_at)) AS week,
    count(*) AS runs,
    count(*) FILTER (outcome = 'accepted') AS accepted
  FROM outcome
  WHERE outcome <> 'error'
    AND least(emitted_at, recorded_at) >= $to::TIMESTAMP - INTERVAL 84 DAY
    AND least(emitted_at, recorded_at) < $to::TIMESTAMP
  GROUP BY ALL
),
busiest AS (
  SELECT persona, sum(runs) AS all_runs FROM done GROUP BY persona ORDER BY all_runs DESC, persona LIMIT 8
)
SELECT strftime(week, '%Y-%m-%d') AS week, persona, runs, accepted
FROM done
JOIN busiest USING (persona)
ORDER BY week, all_runs DESC, persona
