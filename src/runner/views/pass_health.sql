-- How the passes of each day went.
--
-- day: the day on which the passes began, UTC
-- passes: how many left a record; a pass that changed nothing leaves none
-- runners: how many processes ran them
-- median_ms: median duration of a pass, milliseconds
-- max_ms: the longest, milliseconds
-- accepted: contracts that entered the history
-- unchanged: contracts that were in the history already
-- rejected: contracts that were refused, with a page in queue/rejected that says why
-- findings: findings of the analysis
-- proposals_opened: proposals that were opened
-- proposals_stuck: times that a proposal no longer applied and waited for a person
-- failures: controllers that could not do their part; null when no pass of the day says
SELECT
  started_at::DATE AS day,
  count(*) AS passes,
  count(DISTINCT runner) AS runners,
  round(median(duration_ms), 1) AS median_ms,
  max(duration_ms) AS max_ms,
  coalesce(sum(list_sum(map_values(accepted::MAP(VARCHAR, BIGINT)))), 0)::BIGINT AS accepted,
  sum(unchanged)::BIGINT AS unchanged,
  sum(rejected)::BIGINT AS rejected,
  sum(findings)::BIGINT AS findings,
  sum(len(list_filter(proposals->>'$[*].result', result -> result = 'opened')))::BIGINT AS proposals_opened,
  sum(len(list_filter(proposals->>'$[*].result', result -> result = 'stuck')))::BIGINT AS proposals_stuck,
  sum(failures)::BIGINT AS failures
FROM pass
GROUP BY day
