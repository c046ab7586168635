import { hasCode, MillwrightError } from '../../contracts/millwright-error.ts';
import type { Settings } from '../../contracts/settings.ts';
import type { WorkSlot } from '../../contracts/work.ts';
import type { Assignment } from './assignment.ts';
import { type AgentCommand, readPreset } from './read-preset.ts';

/** Under what terms a slot is worked on. */
export interface ReplayTerms {
  readonly agent: AgentCommand;
  /** What is different from any other assignment. */
  readonly assignment?: Pick<Assignment, 'startAt' | 'publishes'>;
}

/**
 * A replay is done by the agent that the settings name, whatever the worker was started with: both sides of a
 * comparison have the same. It starts where the archived task did, and its work is thrown away.
 * undefined for any other slot. Throws `no-replay-agent`.
 */
export function replayTerms({ gate, agents }: Settings, { replay }: WorkSlot): ReplayTerms | undefined {
  if (replay === undefined) return undefined;
  if (gate.agent === undefined) throw noAgent('gate.agent names none');
  const { start_at: startAt } = replay;
  return {
    agent: readAgent(gate.agent, agents),
    assignment: { publishes: false, ...(startAt === undefined ? {} : { startAt }) },
  };
}

function readAgent(agent: string, agents: Settings['agents']): AgentCommand {
  try {
    return readPreset(agent, agents);
  } catch (error) {
    if (hasCode(error, 'usage')) throw noAgent(error.message);
    throw error;
  }
}

function noAgent(problem: string): MillwrightError {
  return new MillwrightError('no-replay-agent', `there is no agent to replay tasks with: ${problem}`, {
    hint: 'set gate.agent in millwright.yaml to an agent or a command, as for --agent',
  });
}
