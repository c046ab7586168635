-- What models were asked in the week, and what that cost.
SELECT
  tier,
  model,
  coalesce(persona_id, 'no persona') AS persona,
  count(*) AS calls,
  count(*) FILTER (outcome <> 'ok') AS not_ok,
  sum(input_tokens + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0))::BIGINT AS tokens_read,
  sum(output_tokens)::BIGINT AS tokens_written,
  round(sum(cost_usd) FILTER (isfinite(cost_usd)), 6) AS cost_usd,
  count(*) FILTER (cost_usd IS NULL) AS unpriced
FROM llm_call
WHERE recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP
GROUP BY ALL
ORDER BY cost_usd DESC NULLS LAST, tier, model, persona
