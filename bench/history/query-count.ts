import { measureNode } from '../measure.ts';
import { cli } from './write-history.ts';

export interface QueriedCount {
  /** The whole process, start-up included. */
  readonly ms: number;
  readonly outcomes: number;
}

/** `millwright query` for the number of outcomes. It is the only number in the answer, whatever else the format brings. */
export async function queryCount(root: string, more: readonly string[] = []): Promise<QueriedCount> {
  const sql = 'SELECT count(*) AS outcomes FROM outcome';
  const args = ['query', sql, '--format', 'csv', '--workspace', root, ...more];
  const { code, ms, stdout } = await measureNode([cli, ...args], root);
  if (code !== 0) throw new Error(`millwright ${args.join(' ')} ended with ${code}: ${stdout}`);
  return { ms, outcomes: Number(/\d+/.exec(stdout)?.[0]) };
}
