import { describeIssue, type Issue } from '../contracts/issue.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';

/** A prompt that cannot be rendered: one line for each problem, with file, line and field or variable. */
export function badPrompt(path: string, issues: readonly Issue[]): MillwrightError {
  const hint = issues.find((issue) => issue.hint !== undefined)?.hint;
  return new MillwrightError('bad-prompt', issues.map((issue) => describeIssue(path, issue)).join('\n'), {
    hint: hint ?? 'prompts/README.md says what a prompt may hold',
    data: { path, issues },
  });
}
