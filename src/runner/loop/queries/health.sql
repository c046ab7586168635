-- What went wrong in the week. Passes are not counted, only what they could not do: a pass more changes nothing here.
SELECT
  (SELECT coalesce(sum(rejected), 0)::BIGINT FROM pass
    WHERE recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP) AS rejected,
  (SELECT count(*) FROM pass
    WHERE failures > 0 AND recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP) AS failed_passes,
  (SELECT count(*) FROM slot_event
    WHERE event = 'dead' AND recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP) AS dead_slots,
  (SELECT count(*) FROM slot_event
    WHERE event = 'expired' AND recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP) AS expired_leases,
  (SELECT count(*) FROM explanation
    WHERE state = 'failed' AND recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP) AS failed_explanations,
  (SELECT count(*) FROM llm_call
    WHERE outcome <> 'ok' AND recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP) AS failed_calls,
  (SELECT count(*) FROM effect_measurement
    WHERE state = 'alert' AND recorded_at >= $from::TIMESTAMP AND recorded_at < $to::TIMESTAMP) AS alerts
