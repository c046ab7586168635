-- What calls of models cost, by day, tier, model and persona.
--
-- day: the day of the calls, UTC
-- tier: brain, sub or local
-- provider: who answered
-- model: the model that answered
-- persona_id: for whom; null for a call that no persona made
-- calls: how many
-- not_ok: calls that gave nothing usable: refused, invalid or failed
-- input_tokens: tokens read, without those that came from a cache or went into one
-- output_tokens: tokens written
-- cache_read_tokens: tokens that came from the provider's cache
-- cache_write_tokens: tokens that went into it
-- cost_usd: cost of the calls that have one, USD; null when none has
-- unpriced: calls of models without a known price, which cost_usd leaves out
-- avg_latency_ms: mean time to the last word, milliseconds
SELECT
  least(emitted_at, recorded_at)::DATE AS day,
  tier,
  provider,
  model,
  persona_id,
  count(*) AS calls,
  count(*) FILTER (outcome <> 'ok') AS not_ok,
  sum(input_tokens)::BIGINT AS input_tokens,
  sum(output_tokens)::BIGINT AS output_tokens,
  coalesce(sum(cache_read_tokens), 0)::BIGINT AS cache_read_tokens,
  coalesce(sum(cache_write_tokens), 0)::BIGINT AS cache_write_tokens,
  round(sum(cost_usd), 6) AS cost_usd,
  count(*) FILTER (cost_usd IS NULL) AS unpriced,
  round(avg(latency_ms), 1) AS avg_latency_ms
FROM llm_call
GROUP BY ALL
