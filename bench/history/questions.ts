export interface Question {
  readonly name: string;
  /** Sums up many records, as reports do: what the ratio to the baseline is taken over. */
  readonly isAggregate: boolean;
  readonly sql: string;
  /** The same in the words of SQLite, where they differ. Times are text there, and there are no quantiles. */
  readonly sqlite?: string;
}

const succeeded = "CASE WHEN outcome = 'accepted' THEN 1 ELSE 0 END";
const lastTry = (model: string) =>
  `SELECT paired_key, max(${succeeded}) AS ok FROM outcome
   WHERE model = '${model}' AND outcome <> 'error' AND paired_key IS NOT NULL GROUP BY paired_key`;

/** The twelve standard questions. Every answer has an order, so that answers can be held against each other row for row. */
export function questions(needle: string): readonly Question[] {
  return [
    {
      name: 'outcomes by month and model',
      isAggregate: true,
      sql: `WITH months AS (
          SELECT date_trunc('month', recorded_at) AS month, model, outcome, count(*) AS n FROM outcome GROUP BY ALL)
        SELECT strftime(month, '%Y-%m') AS month, model, outcome, n FROM months ORDER BY ALL`,
      sqlite: `SELECT substr(recorded_at, 1, 7) AS month, model, outcome, count(*) AS n
        FROM outcome GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    },
    {
      name: 'success by persona version',
      isAggregate: true,
      sql: `SELECT persona_id, persona_version, count(*) AS n, avg(${succeeded}) AS rate
        FROM outcome WHERE outcome <> 'error' GROUP BY 1, 2 ORDER BY 1, 2`,
    },
    {
      name: 'cost of a success by model',
      isAggregate: true,
      sql: `SELECT model, count(*) AS n, sum(cost_usd) / sum(${succeeded}) AS cost_usd
        FROM outcome WHERE outcome <> 'error' GROUP BY 1 ORDER BY 1`,
    },
    {
      name: 'ideas with most attempts',
      isAggregate: true,
      sql: `SELECT idea_id, count(*) AS n, sum(${succeeded}) AS ok, max(overall_score) AS best
        FROM outcome GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20`,
    },
    {
      name: 'two models on the same work',
      isAggregate: false,
      sql: `WITH a AS (${lastTry('sonnet-4-5')}), b AS (${lastTry('gpt-5')})
        SELECT count(*) AS pairs, sum(a.ok) AS a_ok, sum(b.ok) AS b_ok,
          sum(CASE WHEN a.ok > b.ok THEN 1 ELSE 0 END) AS wins,
          sum(CASE WHEN a.ok < b.ok THEN 1 ELSE 0 END) AS losses
        FROM a JOIN b USING (paired_key)`,
    },
    {
      name: 'spend by day',
      isAggregate: true,
      sql: `WITH days AS (
          SELECT emitted_at::DATE AS day, count(*) AS n, sum(cost_usd) AS usd, sum(tokens) AS tokens
          FROM outcome GROUP BY 1)
        SELECT day::VARCHAR AS day, n, usd, tokens FROM days ORDER BY 1`,
      sqlite: `SELECT substr(emitted_at, 1, 10) AS day, count(*) AS n, sum(cost_usd) AS usd, sum(tokens) AS tokens
        FROM outcome GROUP BY 1 ORDER BY 1`,
    },
    {
      name: 'duration by model',
      isAggregate: true,
      sql: `SELECT model, count(*) AS n, quantile_disc(duration_seconds, 0.5) AS p50,
          quantile_disc(duration_seconds, 0.95) AS p95
        FROM outcome WHERE duration_seconds IS NOT NULL GROUP BY 1 ORDER BY 1`,
      sqlite: `WITH ranked AS (
          SELECT model, duration_seconds AS s, count(*) OVER (PARTITION BY model) AS n,
            row_number() OVER (PARTITION BY model ORDER BY duration_seconds) AS nth
          FROM outcome WHERE duration_seconds IS NOT NULL)
        SELECT model, max(n) AS n, min(CASE WHEN nth * 100 >= 50 * n THEN s END) AS p50,
          min(CASE WHEN nth * 100 >= 95 * n THEN s END) AS p95
        FROM ranked GROUP BY 1 ORDER BY 1`,
    },
    {
      name: 'waiting time of slots',
      isAggregate: false,
      sql: `WITH first AS (SELECT slot_id, item_id, min("at") AS first_at FROM slot_event WHERE event = 'claimed' GROUP BY 1, 2)
        SELECT strftime(q."at", '%Y-%m') AS month, count(*) AS slots,
          avg(epoch_ms(f.first_at) - epoch_ms(q."at")) AS mean_ms, max(epoch_ms(f.first_at) - epoch_ms(q."at")) AS longest_ms
        FROM item_event q JOIN first f USING (item_id)
        WHERE q.event = 'queued' GROUP BY 1 ORDER BY 1`,
      sqlite: `WITH first AS (SELECT slot_id, item_id, min("at") AS first_at FROM slot_event WHERE event = 'claimed' GROUP BY 1, 2),
        waits AS (
          SELECT substr(q."at", 1, 7) AS month,
            CAST(round((julianday(f.first_at) - julianday(q."at")) * 86400000) AS INTEGER) AS ms
          FROM item_event q JOIN first f USING (item_id) WHERE q.event = 'queued')
        SELECT month, count(*) AS slots, avg(ms) AS mean_ms, max(ms) AS longest_ms FROM waits GROUP BY 1 ORDER BY 1`,
    },
    {
      name: 'leases lost by worker',
      isAggregate: true,
      sql: `SELECT worker_id, count(*) AS events, sum(CASE WHEN event = 'expired' THEN 1 ELSE 0 END) AS lost
        FROM slot_event GROUP BY 1 ORDER BY 1`,
    },
    {
      name: 'one record by its id',
      isAggregate: false,
      sql: `SELECT id, recorded_at, model, outcome, cost_usd, notes FROM outcome WHERE id = '${needle}'`,
    },
    {
      name: 'text in notes',
      isAggregate: false,
      sql: `SELECT model, outcome, count(*) AS n, min(id) AS first_id
        FROM outcome WHERE notes LIKE '%limit of output tokens%' GROUP BY 1, 2 ORDER BY 1, 2`,
    },
    {
      name: 'outcomes of applied patches',
      isAggregate: false,
      sql: `WITH applied AS (
          SELECT p.persona_id, p.to_version, count(*) AS patches
          FROM patch p JOIN patch_decision d ON d.patch_id = p.id
          WHERE d.decision = 'applied' GROUP BY 1, 2)
        SELECT a.persona_id, a.to_version, a.patches, count(*) AS n, sum(${succeeded}) AS ok
        FROM applied a JOIN outcome o ON o.persona_id = a.persona_id AND o.persona_version = a.to_version
        GROUP BY 1, 2, 3 ORDER BY 1, 2`,
    },
  ];
}
