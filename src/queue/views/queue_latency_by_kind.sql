-- How long slots waited and were worked on, by the kind of item that they belong to.
--
-- item_kind: the kind of contract that the items came from; null where the queueing is not in the history
-- slots: all of them
-- ended: slots that have ended
-- shipped: slots that ended with a result which passed its test
-- dead: slots that failed too often and wait for a person
-- waiting_p50: median minutes from the queue to the first claim
-- waiting_p95: minutes that 95 of 100 slots wait at most
-- working_p50: median minutes that somebody held a slot, all claims together
-- working_p95: minutes that 95 of 100 slots are held at most
-- attempts_per_slot: mean number of claims of a slot that was claimed
-- lease_losses: leases that ran out
SELECT
  item_kind,
  count(*) AS slots,
  count(ended_as) AS ended,
  count(*) FILTER (ended_as = 'shipped') AS shipped,
  count(*) FILTER (ended_as = 'dead') AS dead,
  round(quantile_cont(waiting_minutes, 0.5), 3) AS waiting_p50,
  round(quantile_cont(waiting_minutes, 0.95), 3) AS waiting_p95,
  round(quantile_cont(working_minutes, 0.5), 3) AS working_p50,
  round(quantile_cont(working_minutes, 0.95), 3) AS working_p95,
  round(avg(attempts) FILTER (attempts > 0), 3) AS attempts_per_slot,
  sum(lease_losses)::BIGINT AS lease_losses
FROM queue_latency
GROUP BY item_kind
