import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ObjectStore } from '../../git/object-store.ts';
import { Snapshot } from '../../git/snapshot.ts';
import { describeStop } from '../../programs/describe-stop.ts';
import { fillPlaceholders } from '../../programs/fill-placeholders.ts';
import { type AgentReport, readReport } from '../../programs/read-report.ts';
import { runCommand } from '../../programs/run-command.ts';
import type { Transcript } from '../../programs/transcript.ts';
import { type RenderedPrompt, renderPrompt } from '../../prompts/render-prompt.ts';
import type { Assignment, AttemptContext } from './assignment.ts';
import type { Ground } from './prepare-ground.ts';
import { promptPath, slotEnvironment } from './slot-environment.ts';

export interface AgentRun {
  readonly promptHash: string;
  readonly report: AgentReport;
  /** Why its work does not count: a sentence, or `abort`. Absent when it ended well. */
  readonly failure?: string;
  /** True when it ended by itself without having done its work: not logged in, out of quota, out of order. */
  readonly broke: boolean;
}

/** Renders the prompt and runs the agent on it. Throws `prompt-missing`, `bad-prompt`, `command-not-found`. */
export async function runAgent(
  context: AttemptContext,
  assignment: Assignment,
  ground: Ground,
  transcript: Transcript,
): Promise<AgentRun> {
  const { agent, workspace } = context;
  context.onPhase?.('prompt', assignment.promptName);
  const prompt = await promptAt(ground, assignment);
  const promptFile = promptPath(workspace.cache, assignment.slotId);
  await mkdir(dirname(promptFile), { recursive: true });
  await writeFile(promptFile, prompt.text);
  context.onPhase?.('agent', agent.name);
  const result = await runCommand({
    argv: fillPlaceholders(agent.command, {
      promptFile,
      worktree: ground.worktree.path,
      model: assignment.env.MILLWRIGHT_MODEL ?? '',
    }),
    cwd: ground.worktree.path,
    env: slotEnvironment(context, assignment, ground),
    stdin: agent.prompt === 'stdin' ? prompt.text : '',
    timeLimitMs: assignment.timeLimitMs,
    outputLimitBytes: assignment.outputLimitBytes,
    ...(context.graceMs === undefined ? {} : { graceMs: context.graceMs }),
    clock: workspace.clock,
    signal: context.signal,
    transcript,
    onStart: (pid) => ground.child.started(pid),
  });
  const failure = result.stopped === 'abort' ? 'abort' : describeStop('the agent', result, assignment);
  return {
    promptHash: prompt.hash,
    report: readReport(agent.report, result.stdout),
    ...(failure === undefined ? {} : { failure }),
    broke: failure !== undefined && result.stopped === undefined,
  };
}

/** Of the very commit that the work tree stands on. */
async function promptAt(
  { mirror, worktree }: Ground,
  { promptName, variables, persona }: Assignment,
): Promise<RenderedPrompt> {
  const store = new ObjectStore(mirror.repository);
  try {
    const snapshot = new Snapshot(store, await store.treeOf(worktree.base));
    return await renderPrompt(snapshot, promptName, variables, { persona });
  } finally {
    store.close();
  }
}
