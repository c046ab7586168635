/** Words of DuckDB's SQL that questions are made of. */
export const sqlWords: readonly string[] = (
  'ALL AND ANTI ANY AS ASC ASOF BETWEEN BY CASE CAST COLUMNS CROSS CURRENT_DATE DATE DESC DESCRIBE DISTINCT ELSE END ' +
  'EXCEPT EXCLUDE EXISTS EXPLAIN FALSE FILTER FIRST FOLLOWING FROM FULL GROUP HAVING ILIKE IN INNER INTERSECT ' +
  'INTERVAL IS JOIN LAST LATERAL LEFT LIKE LIMIT MATERIALIZED NATURAL NOT NULL NULLS OFFSET ON OR ORDER OUTER OVER ' +
  'PARTITION PIVOT POSITIONAL PRECEDING QUALIFY RANGE RECURSIVE REPLACE RIGHT ROWS SAMPLE SELECT SEMI SHOW SIMILAR ' +
  'SUMMARIZE THEN TIMESTAMP TO TRUE UNBOUNDED UNION UNPIVOT USING VALUES WHEN WHERE WINDOW WITH'
).split(' ');

/** Functions that analysts reach for; there are a thousand more. */
export const sqlFunctions: readonly string[] = (
  'abs approx_count_distinct arg_max arg_min array_agg avg bool_and bool_or ceil coalesce concat contains corr count ' +
  'cume_dist date_diff date_part date_trunc day dayname dense_rank epoch_ms extract first_value floor generate_series ' +
  'greatest hour ifnull json_extract json_extract_string lag last_value lead least len length list list_contains ' +
  'list_sort lower ltrim max median min mode month monthname nullif percent_rank quantile_cont rank ' +
  'regexp_extract regexp_matches regexp_replace replace round row_number rtrim split_part starts_with stddev strftime ' +
  'string_agg strptime struct_pack substr sum time_bucket trim try_cast unnest upper week year'
).split(' ');
