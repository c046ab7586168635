-- Outcomes by id, as a model is shown them: those that say most first, then the newest.
-- $ids is a JSON list; $chars is the longest text of notes that is read.
SELECT
  id,
  persona_id,
  persona_version,
  model,
  domain,
  idea_id,
  paired_key,
  outcome,
  overall_score,
  smoke_test_pass,
  cost_usd,
  tokens,
  api_calls,
  duration_seconds,
  branch_name,
  bullets_helpful,
  bullets_harmful,
  transcript,
  left(notes, $chars::BIGINT) AS notes,
  extra::VARCHAR AS extra,
  recorded_at
FROM outcome
WHERE id IN (SELECT unnest(from_json($ids::JSON, '["VARCHAR"]')))
ORDER BY (notes IS NOT NULL OR transcript IS NOT NULL) DESC, id DESC
