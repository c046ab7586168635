-- How each model was used, over all time.
--
-- tier: brain, sub or local
-- provider: who answered
-- model: the model that answered
-- calls: how many
-- share_pct: share of all calls, percent
-- ok_rate_pct: calls that gave something usable, percent
-- tokens: all tokens, read and written, cached ones too
-- cached_pct: share of the tokens read that came from a cache, percent; null when none was read
-- cost_usd: cost of the calls that have one, USD; null when none has
-- unpriced: calls of models without a known price
-- cost_per_call: mean cost of the calls that have one, USD
-- p50_latency_ms: median time to the last word, milliseconds
-- p95_latency_ms: what 95 of 100 calls stay under, milliseconds
-- last_at: the latest call, UTC
WITH used AS (
  SELECT
    tier,
    provider,
    model,
    count(*) AS calls,
    count(*) FILTER (outcome = 'ok') AS ok,
    sum(input_tokens) + coalesce(sum(cache_read_tokens), 0) + coalesce(sum(cache_write_tokens), 0) AS read_tokens,
    sum(output_tokens) AS written_tokens,
    coalesce(sum(cache_read_tokens), 0) AS cached_tokens,
    sum(cost_usd) AS cost,
    count(cost_usd) AS priced,
    quantile_cont(latency_ms, [0.5, 0.95]) AS latency,
    max(least(emitted_at, recorded_at)) AS last_at
  FROM llm_call
  GROUP BY tier, provider, model
)
SELECT
  tier,
  provider,
  model,
  calls,
  round(100 * calls / sum(calls) OVER (), 1) AS share_pct,
  round(100 * ok / calls, 1) AS ok_rate_pct,
  (read_tokens + written_tokens)::BIGINT AS tokens,
  round(100 * cached_tokens / nullif(read_tokens, 0), 1) AS cached_pct,
  round(cost, 6) AS cost_usd,
  calls - priced AS unpriced,
  round(cost / nullif(priced, 0), 6) AS cost_per_call,
  round(latency[1], 1) AS p50_latency_ms,
  round(latency[2], 1) AS p95_latency_ms,
  last_at
FROM used
