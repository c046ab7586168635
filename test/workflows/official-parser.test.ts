import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { convertActionTemplate, parseAction } from '@actions/workflow-parser/actions/index';
import { describe, expect, test } from 'vitest';
import { ACTION_PATH, ownFile, workflowNames, workflowPath } from './actions/workflow-file.ts';

async function problemsOfWorkflow(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value === undefined) return ['it has no content'];
  const template = await convertWorkflowTemplate(context, value);
  const late = template.errors?.map(({ Message }) => Message) ?? [];
  return [...context.errors.getErrors().map(({ message }) => message), ...late];
}

function problemsOfAction(name: string, content: string): string[] {
  const { context, value } = parseAction({ name, content }, new NoOperationTraceWriter());
  if (value === undefined) return ['it has no content'];
  const template = convertActionTemplate(context, value);
  const errors = context.errors.getErrors().map(({ message }) => message);
  return template.runs?.using === 'composite' ? errors : [...errors, 'it is not composite'];
}

describe('the parser of GitHub', () => {
  test.each(workflowNames)('finds nothing wrong with %s.yml.', async (name) => {
    expect(await problemsOfWorkflow(name, await ownFile(workflowPath(name)))).toEqual([]);
  });

  test('finds nothing wrong with the action.', async () => {
    expect(problemsOfAction('action.yml', await ownFile(ACTION_PATH))).toEqual([]);
  });

  test('would say what is wrong.', async () => {
    const loop = await ownFile(workflowPath('loop'));
    for (const [from, to] of [
      ['runs-on:', 'runs-off:'],
      ['contents: write', 'contents: perhaps'],
      ['vars.MILLWRIGHT_DISABLED', 'variables.MILLWRIGHT_DISABLED'],
      ["cron: '7 2 * * 0'", "cron: '77 2 * * 0'"],
    ] as const) {
      expect(loop).toContain(from);
      expect(await problemsOfWorkflow('loop', loop.replace(from, to))).not.toEqual([]);
    }
    const action = await ownFile(ACTION_PATH);
    expect(problemsOfAction('action.yml', action.replace('shell: bash', 'shall: bash'))).not.toEqual([]);
  });
});
