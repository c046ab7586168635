import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../queue/home.ts';
import type { Answer } from './ask.ts';
import type { Row } from './same-answer.ts';

/** Two of the questions are simple enough for a line of jq. Each is a whole process over the files. */
const programs: readonly (readonly [question: string, program: string])[] = [
  [
    'outcomes by month and model',
    `reduce inputs as $r ({}; .[[$r.recorded_at[0:7], $r.model, $r.outcome] | join("\\t")] += 1)
     | to_entries | sort_by(.key)
     | map((.key | split("\\t")) as [$month, $model, $outcome] | {$month, $model, $outcome, n: .value})`,
  ],
  [
    'one record by its id',
    `[inputs | select(.id == $needle) | {id, recorded_at, model, outcome, cost_usd, notes}]`,
  ],
];

/** @returns a sentence when there is no jq */
export async function askJq(home: Home, root: string, needle: string): Promise<readonly Answer[] | string> {
  if (spawnSync('jq', ['--version']).status !== 0) return 'jq is not installed, and is left out';
  const folder = join(root, 'state/outcome');
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.jsonl'));
  const files = names.sort().map((name) => join(folder, name));
  const answers: Answer[] = [];
  for (const [name, program] of programs) {
    const { ms, stdout } = await home.must('jq', ['-n', '-c', '--arg', 'needle', needle, program, ...files]);
    answers.push({ name, ms, rows: JSON.parse(stdout) as Row[] });
  }
  return answers;
}
