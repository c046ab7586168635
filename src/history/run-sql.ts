import {
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  DuckDBTypeId,
  StatementType,
} from '@duckdb/node-api';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { interruptOn } from './interrupt-on.ts';
import { sqlFailure } from './sql-failure.ts';
import { quoted } from './sql-text.ts';

export interface SqlOptions {
  /** Values for `$name`. They are bound, never pasted. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Names that an error may suggest. */
  readonly names?: readonly string[];
}

/**
 * Runs one statement that only reads, and gives its rows as they come.
 * Throws `bad-sql` with the place, `read-only`, `AbortError` when the signal ends it.
 */
export async function runSql(
  connection: DuckDBConnection,
  sql: string,
  options: SqlOptions = {},
): Promise<DuckDBResult> {
  return carryOut(connection, sql, options, async () => {
    const statement = await prepare(connection, sql);
    bind(statement, options.parameters ?? {});
    return statement.stream();
  });
}

/**
 * Writes the answer of a statement into a Parquet file. DuckDB does it in one go.
 * @param path a file that is not there yet, and that `lockDown` was told of
 */
export async function copyToParquet(
  connection: DuckDBConnection,
  sql: string,
  path: string,
  options: SqlOptions & { readonly limit?: number | undefined },
): Promise<void> {
  const { parameters = {}, limit } = options;
  await carryOut(connection, sql, options, async () => {
    // Looked at alone first: what stands between the brackets is one SELECT and nothing else.
    const looked = await prepare(connection, sql);
    if (looked.statementType !== StatementType.SELECT)
      throw badSql('only the rows of a SELECT can be written as Parquet', 'choose another --format');
    const rows = sql.replace(/;(?:\s|--.*|\/\*[\s\S]*?\*\/)*$/, '');
    const inner = limit === undefined ? rows : `SELECT * FROM (${rows}\n) LIMIT ${limit}`;
    const target = `${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`;
    const statement = await connection.prepare(`COPY (${inner}\n) TO ${target}`);
    bind(statement, parameters);
    await statement.run();
  });
}

/** Rows may come later than the answer itself: the signal counts until they are all there. */
async function carryOut<T>(
  connection: DuckDBConnection,
  sql: string,
  { signal, names = [] }: SqlOptions,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  interruptOn(signal, connection);
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw sqlFailure(error, sql, names);
  }
}

const READS: ReadonlySet<StatementType> = new Set([StatementType.SELECT, StatementType.EXPLAIN]);

async function prepare(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  // DuckDB has no words for nothing but blanks and comments.
  const isEmpty = sql.replaceAll(/--.*|\/\*[\s\S]*?\*\/|[\s;]/g, '') === '';
  if (isEmpty) throw badSql('there is no statement', 'write one, such as SELECT count(*) FROM outcome');
  const statements = await connection.extractStatements(sql);
  const first = await statements.prepare(0);
  if (first.statementType === StatementType.EXPLAIN) await mustExplainRead(connection, sql);
  if (TOUCHES_THE_LOG.test(sql)) throw readOnly('a function that changes what DuckDB logs');
  if (statements.count > 1 && READS.has(first.statementType))
    throw badSql(
      `expected one statement, found ${statements.count}`,
      'run them one by one, or in "millwright sql"',
    );
  // A PIVOT that has to look for its columns first comes as two statements.
  if (!READS.has(first.statementType)) throw readOnly(StatementType[first.statementType]);
  return first;
}

/** EXPLAIN ANALYZE carries out what it explains. */
async function mustExplainRead(connection: DuckDBConnection, sql: string): Promise<void> {
  const [, inner = ''] =
    /^(?:\s|--.*|\/\*[\s\S]*?\*\/)*EXPLAIN\s+(?:ANALYZE\s+)?(?:\([^)]*\)\s*)?([\s\S]*)$/i.exec(sql) ?? [];
  const explained = await connection.prepare(inner);
  if (explained.statementType !== StatementType.SELECT)
    throw readOnly(`EXPLAIN of ${StatementType[explained.statementType] ?? 'something else'}`);
}

const TOUCHES_THE_LOG = /\b(?:enable_logging|disable_logging|truncate_duckdb_logs|write_log)\b/i;

function badSql(message: string, hint: string): MillwrightError {
  return new MillwrightError('bad-sql', message, { hint });
}

function readOnly(what: string | undefined): MillwrightError {
  return new MillwrightError(
    'read-only',
    `expected a SELECT, found ${what ?? 'another statement'}: the history is only read`,
    {
      hint: 'use SELECT, WITH, EXPLAIN, DESCRIBE, SHOW or SUMMARIZE (a PIVOT needs its values: PIVOT t ON c IN (...)); "millwright export" makes a database that is yours',
    },
  );
}

/** Where DuckDB knows no type for a value, what it looks like decides. */
function bind(statement: DuckDBPreparedStatement, parameters: Readonly<Record<string, string>>): void {
  const wanted = new Set<string>();
  for (let at = 1; at <= statement.parameterCount; at += 1) {
    const name = statement.parameterName(at);
    wanted.add(name);
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined) throw badSql(`there is no value for $${name}`, `add --set ${name}=VALUE`);
    const isOpen = statement.parameterTypeId(at) === DuckDBTypeId.INVALID;
    if (isOpen && /^-?(?:0|[1-9]\d{0,14})$/.test(value)) statement.bindBigInt(at, BigInt(value));
    else if (isOpen && /^-?\d+\.\d+(?:e[+-]?\d+)?$/i.test(value)) statement.bindDouble(at, Number(value));
    else statement.bindVarchar(at, value);
  }
  const unknown = Object.keys(parameters).filter((name) => !wanted.has(name));
  if (unknown.length > 0)
    throw badSql(
      `the statement has no $${unknown[0]}`,
      `it has ${[...wanted].map((name) => `$${name}`).join(', ') || 'no parameters'}`,
    );
}
