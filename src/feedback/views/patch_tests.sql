-- What was known of each patch before it was offered, and what became of it.
--
-- patch_id: the patch that was tested
-- persona_id: whom it changes
-- from_version: the version that it was held against
-- component: the part of the persona that it changes; null where the patch is not in the history
-- verdict: improved, worse or no_evidence by a sign test, no_headroom, or not_tested
-- reason: the verdict in a sentence
-- pairs: tasks that both versions finished
-- wins: tasks that only the patched version solved
-- losses: tasks that only the old version solved
-- p_value: of the sign test behind the verdict, 0 to 1; null without one
-- difference: success of the patched version less that of the old, -1 to 1
-- difference_low: lower bound of its 90 % interval
-- difference_high: upper bound of its 90 % interval
-- pass_at_1: share of other tasks that the old version solves at the first try, 0 to 1; null where headroom was not tested
-- best_of_3: share of them that it solves in three tries, 0 to 1
-- runs: replays that came to a result
-- errors: replays that came to none; they count for nobody
-- cost_usd: of the replays, USD; null unless all told theirs
-- agent: the command that replayed
-- status: proposed, applied or rejected, as the patch; null where the patch is not in the history
-- auto_applied: whether it was merged without a person
-- tested_at: when the verdict was made, UTC
WITH faults AS (
  SELECT patch_id, count(*) AS errors FROM replay_run WHERE outcome = 'error' GROUP BY patch_id
)
SELECT
  t.patch_id,
  t.persona_id,
  t.from_version,
  s.component,
  t.verdict,
  t.reason,
  t.pairs,
  t.wins,
  t.losses,
  t.p_value,
  t.difference,
  t.difference_low,
  t.difference_high,
  (t.headroom->>'$.pass_at_1')::DOUBLE AS pass_at_1,
  (t.headroom->>'$.best_of_3')::DOUBLE AS best_of_3,
  t.runs,
  coalesce(f.errors, 0) AS errors,
  t.cost_usd,
  t.agent,
  s.status,
  coalesce(s.status = 'applied' AND s.decided_by = 'auto_apply', false) AS auto_applied,
  t.tested_at
FROM patch_test t
LEFT JOIN patch_status s ON s.patch_id = t.patch_id
LEFT JOIN faults f ON f.patch_id = t.patch_id
