-- The newest analysis of the week.
SELECT outcomes, comparisons, findings, watch, not_enough_data
FROM analysis_run
WHERE recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP
ORDER BY recorded_at DESC, id DESC
LIMIT 1
