import { type AgentPreset, agentPresets } from '../../contracts/agent-preset.ts';
import { closest } from '../../contracts/closest.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import { splitCommand } from '../../programs/split-command.ts';
import shipped from './agent-presets.json' with { type: 'json' };

/** An agent that can be run: a preset, or a command of the user's own. */
export interface AgentCommand extends AgentPreset {
  /** The preset's name, or the program's. */
  readonly name: string;
}

/**
 * What `--agent` means: the name of a preset, or a command line, which gets its prompt on standard input and as
 * the file that `{prompt_file}` and MILLWRIGHT_PROMPT_FILE name.
 * Throws `usage` for a command that cannot be split and for a word that is nearly the name of a preset.
 * @param more presets of the workspace; one of the same name replaces ours
 */
export function readPreset(agent: string, more: Readonly<Record<string, AgentPreset>> = {}): AgentCommand {
  const presets = new Map(Object.entries({ ...agentPresets.parse(shipped), ...more }));
  const command = splitCommand(agent);
  const [program = ''] = command;
  const preset = command.length === 1 ? presets.get(program) : undefined;
  if (preset !== undefined) return { name: program, ...preset };
  const meant = command.length === 1 ? misspelt(program, [...presets.keys()]) : undefined;
  if (meant !== undefined) throw unknownAgent(program, meant);
  return { name: program, command, prompt: 'stdin', report: { format: 'none', fields: {} }, ignore: [] };
}

function misspelt(word: string, names: readonly string[]): string | undefined {
  return word.length > 3 && /^[a-z]+$/.test(word) ? closest(word, names) : undefined;
}

function unknownAgent(word: string, meant: string): MillwrightError {
  return new MillwrightError('usage', `"${word}" is neither a known agent nor a path`, {
    hint: `did you mean "${meant}"? A program of your own is given with its path, such as ./${word}`,
  });
}
