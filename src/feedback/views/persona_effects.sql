-- What each version of a persona changed against the version before it.
--
-- persona_id: whose versions they are
-- persona_version: the version that is judged; work without a version is left out
-- version_before: the highest lower version with runs; null for the first, as is all that compares
-- runs: outcomes of this version that count
-- runs_before: outcomes of the version before that count
-- success_rate: share of runs that succeeded, 0 to 1
-- success_rate_before: the same of the version before
-- difference: success_rate less that of the version before, -1 to 1; the versions may have had other work and other models, so it is a hint and no proof
-- difference_low: lower bound of the 95 % interval of the difference, by Newcombe's score method for independent groups
-- difference_high: upper bound of that interval
-- verdict: better or worse when the interval leaves out 0, else unclear; null for the first version
-- cost_per_success: USD; null unless every run reported a cost, and without a success
-- cost_per_success_before: the same of the version before
WITH versions AS (
  SELECT
    *,
    -- Numbers compare as numbers: 1.10.0 comes after 1.9.0.
    list_transform(string_split(persona_version, '.'), part -> try_cast(part AS HUGEINT)) AS place
  FROM outcomes_by_persona_version
  WHERE persona_id IS NOT NULL AND persona_version IS NOT NULL AND runs > 0
),
beside AS (
  SELECT
    *,
    lag(persona_version) OVER earlier AS version_before,
    lag(runs) OVER earlier AS runs_before,
    lag(accepted) OVER earlier AS accepted_before,
    lag(success_rate) OVER earlier AS success_rate_before,
    lag(rate_low) OVER earlier AS low_before,
    lag(rate_high) OVER earlier AS high_before,
    lag(cost_per_success) OVER earlier AS cost_per_success_before
  FROM versions
  WINDOW earlier AS (PARTITION BY persona_id ORDER BY place, persona_version)
),
compared AS (
  SELECT
    *,
    accepted / runs - accepted_before / runs_before AS change,
    sqrt(pow(success_rate - rate_low, 2) + pow(high_before - success_rate_before, 2)) AS below,
    sqrt(pow(rate_high - success_rate, 2) + pow(success_rate_before - low_before, 2)) AS above
  FROM beside
)
SELECT
  persona_id,
  persona_version,
  version_before,
  runs,
  runs_before,
  success_rate,
  success_rate_before,
  round(change, 6) AS difference,
  round(change - below, 6) AS difference_low,
  round(change + above, 6) AS difference_high,
  CASE
    WHEN version_before IS NULL THEN NULL
    WHEN change - below > 0 THEN 'better'
    WHEN change + above < 0 THEN 'worse'
    ELSE 'unclear'
  END AS verdict,
  cost_per_success,
  cost_per_success_before
FROM compared
