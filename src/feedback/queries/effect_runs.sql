-- The runs of a persona under two of its versions since a patch was decided on, in the order in which they were
-- recorded. What happened before the decision and was only recorded after it, such as an import, is no such run.
-- A slot of work is one run, whatever number of attempts it took: its last record counts, in the last's place.
-- Faults of the infrastructure (outcome = 'error') count for nobody.
--   treatment  whether it worked under the version that the patch made
--   accepted   whether it succeeded
--   domain     where the work lies; null when nobody said
--   slot       of the queue; null for work that was reported from outside
WITH since AS (
  SELECT
    id,
    recorded_at,
    persona_version = $treatment AS treatment,
    outcome = 'accepted' AS accepted,
    domain,
    extra->>'$.slot_id' AS slot
  FROM outcome
  WHERE persona_id = $persona
    AND persona_version IN ($control, $treatment)
    AND outcome <> 'error'
    AND (recorded_at > $after::TIMESTAMP OR (recorded_at = $after::TIMESTAMP AND id > $after_id))
    -- A decision cannot be later than its record, whatever whoever dropped it says.
    AND least(emitted_at, recorded_at) >= least($decided::TIMESTAMP, $after::TIMESTAMP)
)
SELECT id, treatment, accepted, domain, slot
FROM since
QUALIFY row_number() OVER (PARTITION BY slot, CASE WHEN slot IS NULL THEN id END ORDER BY id DESC) = 1
ORDER BY recorded_at, id
