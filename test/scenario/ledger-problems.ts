import { LEDGER, type Workplace } from './workplace.ts';

/** What is wrong with the repository itself: objects, lines, records that are there twice, files that do not belong. */
export async function ledgerProblems({ bare, clock }: Workplace): Promise<string[]> {
  const checked = await bare.gitCode('fsck', '--no-dangling', '--no-progress', '--connectivity-only');
  const files = (await bare.git('ls-tree', '-r', '--name-only', LEDGER)).split('\n');
  const seen = new Set<string>();
  const problems = checked.code === 0 ? [] : [`git fsck: ${checked.stdout}${checked.stderr}`];
  for (const path of files.filter((name) => name.startsWith('state/') && name.endsWith('.jsonl'))) {
    const lines = (await bare.git('show', `${LEDGER}:${path}`)).split('\n');
    for (const [at, line] of lines.entries())
      problems.push(...lineProblems(path, at + 1, line, seen, clock.now()));
  }
  const left = files.filter((path) => /^queue\/(?:inbox|rejected)\/(?!.*README)/.test(path));
  return [...problems, ...left.map((path) => `${path} was left lying`)];
}

function lineProblems(path: string, number: number, line: string, seen: Set<string>, now: Date): string[] {
  const where = `${path}:${number}`;
  try {
    const { kind, id, recorded_at: at } = JSON.parse(line) as Record<string, unknown>;
    if (typeof id !== 'string' || typeof at !== 'string' || path.split('/')[1] !== kind)
      return [`${where}: ${line}`];
    const key = `${kind} ${id}`;
    const twice = seen.has(key);
    seen.add(key);
    return [
      ...(twice ? [`${where}: ${key} is there twice`] : []),
      ...(at > now.toISOString() ? [`${where}: ${at}`] : []),
    ];
  } catch {
    return [`${where}: ${line}`];
  }
}
