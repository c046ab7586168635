-- Everything that happened, one line each: sort by happened_at, newest first, for a feed.
--
-- happened_at: when it happened, UTC; nothing happens after it was recorded
-- kind: the kind of the record
-- id: the record
-- who: who did it: a persona, a worker, a person, a runner, or where the record came from
-- what: what happened, in a few words
SELECT least(emitted_at, recorded_at) AS happened_at, kind, id, coalesce(persona_id, source) AS who,
  outcome || ': ' || idea_id AS what
FROM outcome
UNION ALL
SELECT least(emitted_at, recorded_at), kind, id, source, 'recommends: ' || title
FROM recommendation
UNION ALL
SELECT least(emitted_at, recorded_at), kind, id, source,
  'patch of ' || persona_id || ' to ' || to_version || ': ' || component
FROM patch
UNION ALL
SELECT least(decided_at, recorded_at), kind, id, decided_by, decision || ': patch ' || patch_id
FROM patch_decision
UNION ALL
SELECT least(emitted_at, recorded_at), kind, id, source, 'noticed: ' || title
FROM research_signal
UNION ALL
SELECT least(consumed_at, recorded_at), kind, id, consumed_by,
  'signal ' || signal_id || ': ' || "use" || coalesce(' (' || ref || ')', '')
FROM signal_consumed
UNION ALL
SELECT least(emitted_at, recorded_at), kind, id, source, 'wishes: ' || left(string_split(text, chr(10))[1], 100)
FROM thought
UNION ALL
SELECT least("at", recorded_at), kind, id, source,
  item_kind || ' ' || item_id || ': ' || event || coalesce(' (' || reason || ')', '')
FROM item_event
UNION ALL
SELECT least("at", recorded_at), kind, id, coalesce(worker_id, source),
  'slot ' || slot_id || ': ' || event || coalesce(' (' || reason || ')', '')
FROM slot_event
UNION ALL
SELECT least(emitted_at, recorded_at), kind, id, coalesce(persona_id, source),
  'asked ' || model || coalesce(' for ' || purpose, '') || ': ' || outcome
FROM llm_call
UNION ALL
SELECT recorded_at, kind, id, source,
  'analysed ' || outcomes || ' outcomes: ' || findings || ' findings, ' || watch || ' to watch'
FROM analysis_run
UNION ALL
SELECT least(started_at, recorded_at), kind, id, runner,
  'a pass of ' || duration_ms || ' ms: ' || rejected || ' rejected, ' || findings || ' findings'
FROM pass
