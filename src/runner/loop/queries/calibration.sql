-- Everything that was predicted and then measured, up to the end of the week.
--   slope           measured by predicted, least squares; 1 is a prediction that holds, 0 one that says nothing
--   mean_abs_error  mean distance of the two, 0 to 2
WITH judged AS (
  SELECT difference, predicted_difference FROM effect_decision
  WHERE recorded_at < $to::TIMESTAMP AND decision <> 'superseded'
    AND difference IS NOT NULL AND predicted_difference IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY patch_id ORDER BY recorded_at DESC, id DESC) = 1
)
SELECT
  count(*) AS patches,
  CASE WHEN count(*) > 1 THEN round(regr_slope(difference, predicted_difference), 4) END AS slope,
  round(avg(abs(difference - predicted_difference)), 6) AS mean_abs_error
FROM judged
