-- Where each recommendation stands, as far as the history alone can tell.
--
-- recommendation_id: the recommendation
-- recommendation_type: what sort of change it asks for
-- target_persona: whom it is about; null where it names nobody
-- priority: low, medium, high or critical
-- title: the recommendation in one line
-- status: proposed, applied or rejected as the newest patch that carries it; else superseded by a newer one about the same; without deltas waiting, explained by a model, or unexplained where no draft of it could be used; no-persona where it names none; rejected where a person refused one of its changes before, or where it did harm and was taken back; else pending. A pass also looks at the personas, which are not in the history: what is pending here may be applied or no-persona there, and what is rejected here applied
-- patch_id: the newest patch that carries it
-- superseded_by: the newest recommendation about the same, where that is another
-- seen_at: when it was found, UTC
WITH deltas_of AS (
  SELECT
    *,
    coalesce(emitted_at, recorded_at) AS seen_at,
    suggested_change->'$.deltas[*]' AS deltas
  FROM recommendation
),
topics AS (
  SELECT
    *,
    -- What it is about, whatever it says about it.
    CASE
      WHEN len(deltas) > 0 THEN list_transform(
        deltas,
        d -> CASE d->>'op'
          WHEN 'set_route' THEN (d->'domain')::VARCHAR
          WHEN 'unset_route' THEN (d->'domain')::VARCHAR
          WHEN 'set_field' THEN (d->'field')::VARCHAR
          ELSE (d->'id')::VARCHAR
        END
      )
      WHEN json_type(evidence, '$[0].arms') = 'ARRAY'
        THEN ['arms', coalesce(evidence->>'$[0].domain', '')] || (evidence->>'$[0].arms[*].arm')
      ELSE ['title', coalesce(evidence->>'$[0].domain', ''), title]
    END AS about
  FROM deltas_of
),
newest AS (
  SELECT
    *,
    first_value(id) OVER (
      PARTITION BY target_persona, recommendation_type, len(deltas) > 0, about
      ORDER BY seen_at DESC, recorded_at DESC, id DESC
    ) AS newest_id
  FROM topics
),
-- What did harm counts as refused, unless a person refuses to take it back.
standing AS (
  SELECT
    s.patch_id,
    CASE WHEN e.harmful AND NOT coalesce(r.kept, false) THEN 'rejected' ELSE s.status END AS status
  FROM patch_status s
  LEFT JOIN (
    SELECT patch_id, true AS harmful FROM effect_decision WHERE decision = 'roll_back' GROUP BY patch_id
  ) e ON e.patch_id = s.patch_id
  LEFT JOIN (
    SELECT p.reverts, bool_or(d.status = 'rejected') AS kept
    FROM patch p
    JOIN patch_status d ON d.patch_id = p.id
    WHERE p.reverts IS NOT NULL
    GROUP BY p.reverts
  ) r ON r.reverts = s.patch_id
),
carriers AS (
  SELECT
    unnest(list_distinct(p.recommendation_ids)) AS recommendation_id,
    p.id AS patch_id,
    p.recorded_at,
    s.status
  FROM patch p
  JOIN standing s ON s.patch_id = p.id
),
carrier AS (
  SELECT * FROM carriers
  QUALIFY row_number() OVER (PARTITION BY recommendation_id ORDER BY recorded_at DESC, patch_id DESC) = 1
),
explanations AS (
  SELECT recommendation_id, state FROM explanation
  QUALIFY row_number() OVER (PARTITION BY recommendation_id ORDER BY recorded_at DESC, id DESC) = 1
),
-- A person who refuses a change refuses it whatever evidence and reasons stand behind it the next time.
changes AS (
  SELECT id, persona_id, unnest(deltas->'$[*]') AS d FROM patch
  UNION ALL
  SELECT id, target_persona, unnest(deltas) FROM deltas_of
),
told AS (
  SELECT
    id,
    persona_id,
    json_array(d->'op', d->'domain', d->'model', d->'id', d->'section', d->'text', d->'field', d->'value') AS change
  FROM changes
),
refused AS (
  SELECT t.persona_id, t.change
  FROM told t
  JOIN standing s ON s.patch_id = t.id
  WHERE s.status = 'rejected'
)
SELECT
  n.id AS recommendation_id,
  n.recommendation_type,
  n.target_persona,
  n.priority,
  n.title,
  CASE
    WHEN c.status IS NOT NULL THEN c.status
    WHEN n.newest_id <> n.id THEN 'superseded'
    WHEN coalesce(len(n.deltas), 0) = 0 THEN CASE
      WHEN e.state IS NULL THEN 'waiting'
      WHEN e.state = 'failed' THEN 'unexplained'
      ELSE 'explained'
    END
    WHEN n.target_persona IS NULL THEN 'no-persona'
    WHEN n.id IN (
      SELECT t.id
      FROM told t
      JOIN refused r ON r.persona_id = t.persona_id AND r.change = t.change
    ) THEN 'rejected'
    ELSE 'pending'
  END AS status,
  c.patch_id,
  nullif(n.newest_id, n.id) AS superseded_by,
  n.seen_at
FROM newest n
LEFT JOIN carrier c ON c.recommendation_id = n.id
LEFT JOIN explanations e ON e.recommendation_id = n.id
