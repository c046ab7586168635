-- What models made of findings in the week: the newest explanation of each finding.
WITH newest AS (
  SELECT * FROM explanation
  WHERE recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP
  QUALIFY row_number() OVER (PARTITION BY recommendation_id ORDER BY recorded_at DESC, id DESC) = 1
)
SELECT
  n.id,
  coalesce(r.title, n.recommendation_id) AS title,
  n.state,
  n.causes::VARCHAR AS causes,
  coalesce(len(n.recommendation_ids), 0) AS drafts,
  n.records_read,
  n.quotes_dropped,
  n.error
FROM newest n
LEFT JOIN recommendation r ON r.id = n.recommendation_id
ORDER BY title, n.id
