-- What came of each research signal.
--
-- signal_id: the signal; one that was used but is not in the history has nulls for what only its record says
-- source: who noticed it
-- domain: what it is about
-- relevance: low, medium or high
-- title: the signal in one line
-- seen_at: when it was noticed, UTC
-- times_consumed: how often somebody looked at it; 0 for a signal that nobody has used
-- led_to_something: how many of those uses were other than none
-- uses: the sorts of use, in alphabetical order
-- consumed_by: who looked at it, in alphabetical order
-- refs: ids of what it led to, in alphabetical order
-- first_consumed_at: when it was first looked at, UTC
-- last_consumed_at: when it was last looked at, UTC
-- hours_to_first_use: from being noticed to being looked at, hours; null until then
WITH used AS (
  SELECT
    signal_id,
    count(*) AS times_consumed,
    count(*) FILTER ("use" <> 'none') AS led_to_something,
    list_sort(list(DISTINCT "use")) AS uses,
    list_sort(list(DISTINCT consumed_by)) AS consumed_by,
    coalesce(list_sort(list(DISTINCT ref) FILTER (ref IS NOT NULL)), []) AS refs,
    min(consumed_at) AS first_consumed_at,
    max(consumed_at) AS last_consumed_at
  FROM signal_consumed
  GROUP BY signal_id
)
SELECT
  coalesce(s.id, u.signal_id) AS signal_id,
  s.source,
  s.domain,
  s.relevance,
  s.title,
  coalesce(s.emitted_at, s.recorded_at) AS seen_at,
  coalesce(u.times_consumed, 0) AS times_consumed,
  coalesce(u.led_to_something, 0) AS led_to_something,
  coalesce(u.uses, []) AS uses,
  coalesce(u.consumed_by, []) AS consumed_by,
  coalesce(u.refs, []) AS refs,
  u.first_consumed_at,
  u.last_consumed_at,
  round(epoch(u.first_consumed_at - coalesce(s.emitted_at, s.recorded_at)) / 3600, 3) AS hours_to_first_use
FROM research_signal s
FULL JOIN used u ON u.signal_id = s.id
