-- How long each slot waited and was worked on, and how it ended.
--
-- slot_id: the slot
-- item_id: the item that it is a part of
-- item_kind: the kind of contract that the item came from; null where the queueing is not in the history
-- queued_at: when its item came into the queue, UTC
-- first_claimed_at: when it was first claimed, UTC; claims reach the history when a slot has ended, live ones are in now_claims
-- ended_at: when it ended, UTC; null while it has not
-- waiting_minutes: from queued_at to first_claimed_at, minutes; 0 where clocks disagree about the order
-- working_minutes: how long somebody held it, all claims together, minutes
-- attempts: how often it was claimed
-- releases: how often a holder gave it back
-- lease_losses: how often a lease ran out
-- ended_as: shipped, failed, dead or cancelled; null while it has not ended, or was revived since
-- worker_id: who claimed it last
WITH held AS (
  SELECT
    slot_id,
    token,
    any_value(item_id) AS item_id,
    min("at") FILTER (event = 'claimed') AS claimed_at,
    -- Whatever follows the first of these, such as a cancellation, found nobody holding it.
    min("at") FILTER (event NOT IN ('claimed', 'renewed', 'revived')) AS left_at,
    count(*) FILTER (event = 'released') AS releases,
    count(*) FILTER (event = 'expired') AS lease_losses,
    max(worker_id) FILTER (event = 'claimed') AS worker_id,
    -- The order in which passes told it: clocks of workers may disagree.
    arg_max(event, recorded_at) FILTER (event IN ('shipped', 'failed', 'dead', 'cancelled', 'revived')) AS last_event,
    arg_max("at", recorded_at) FILTER (event IN ('shipped', 'failed', 'dead', 'cancelled')) AS ended_at
  FROM slot_event
  GROUP BY slot_id, token
),
lives AS (
  SELECT
    slot_id,
    any_value(item_id) AS item_id,
    min(claimed_at) AS first_claimed_at,
    sum(CASE WHEN left_at < claimed_at THEN 0 ELSE epoch_ms(left_at) - epoch_ms(claimed_at) END) AS worked_ms,
    count(claimed_at) AS attempts,
    sum(releases) AS releases,
    sum(lease_losses) AS lease_losses,
    arg_max(worker_id, token) AS worker_id,
    arg_max(last_event, token) AS last_event,
    arg_max(ended_at, token) AS ended_at
  FROM held
  GROUP BY slot_id
),
queued AS (
  SELECT slot_id, min("at") AS queued_at, any_value(item_id) AS item_id, any_value(item_kind) AS item_kind
  FROM (SELECT "at", item_id, item_kind, unnest(slots) AS slot_id FROM item_event WHERE event = 'queued')
  GROUP BY slot_id
)
SELECT
  coalesce(q.slot_id, l.slot_id) AS slot_id,
  coalesce(q.item_id, l.item_id) AS item_id,
  q.item_kind,
  q.queued_at,
  l.first_claimed_at,
  CASE WHEN l.last_event <> 'revived' THEN l.ended_at END AS ended_at,
  CASE
    WHEN l.first_claimed_at < q.queued_at THEN 0
    ELSE round((epoch_ms(l.first_claimed_at) - epoch_ms(q.queued_at)) / 60000, 3)
  END AS waiting_minutes,
  round(l.worked_ms / 60000, 3) AS working_minutes,
  coalesce(l.attempts, 0) AS attempts,
  coalesce(l.releases, 0)::BIGINT AS releases,
  coalesce(l.lease_losses, 0)::BIGINT AS lease_losses,
  nullif(l.last_event, 'revived') AS ended_as,
  l.worker_id
FROM queued q
FULL JOIN lives l ON l.slot_id = q.slot_id
