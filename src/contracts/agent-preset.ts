import { z } from 'zod';
import { line } from './fields.ts';

/**
 * Where in an agent's report a fact stands: names joined by ".". "*" stands for every field, "~" for the names
 * of the fields. Of several paths, or several values, numbers are added up and the first text counts.
 */
const place = z.union([line, z.array(line).min(1)]);

/** How a coding agent is called without a person, and what it reports. */
export const agentPreset = z.strictObject({
  command: z
    .array(z.string().max(10_000))
    .min(1)
    .describe('Program and arguments. {prompt_file}, {worktree} and {model} in them are filled in.'),
  prompt: z.enum(['stdin', 'file-argument']).default('stdin').describe('How the agent gets its prompt.'),
  report: z
    .strictObject({
      format: z
        .enum(['json', 'json-lines', 'none'])
        .describe('What it prints on standard output: one JSON value, one in each line, or neither.'),
      fields: z
        .strictObject({ model: place.optional(), cost_usd: place.optional(), tokens: place.optional() })
        .default({}),
    })
    .default({ format: 'none', fields: {} }),
  ignore: z
    .array(line)
    .default([])
    .describe('Files that the agent keeps for itself, as patterns; they are never committed.'),
});
export type AgentPreset = z.infer<typeof agentPreset>;

/** For `millwright.yaml`: further agents by name, or other settings for the known ones. */
export const agentPresets = z.record(
  z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a name such as claude'),
  agentPreset,
);
