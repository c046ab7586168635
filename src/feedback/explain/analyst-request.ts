import type { z } from 'zod';
import type { Tier } from '../../contracts/llm-settings.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { personaPath } from '../../ledger/paths.ts';
import type { LlmRequest } from '../../llm/llm.ts';
import { type PersonaFile, readPersona } from '../../personas/read-persona.ts';
import { renderPersona } from '../../personas/render-persona.ts';
import { renderPrompt } from '../../prompts/render-prompt.ts';

/** Whose eyes a model reads with. */
const ANALYST = 'sky-lynx';

export interface AnalystQuestion<T> {
  readonly tier: Tier;
  /** Name of the prompt, and the purpose in the record of the call. */
  readonly prompt: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly schema: z.ZodType<T>;
}

/**
 * A question to the analyst: the constitution and its persona first, to be kept by the provider, then the task.
 * Throws `prompt-missing`, `bad-prompt`.
 */
export async function analystRequest<T>(
  { workspace }: PassContext,
  { tier, prompt, variables, schema }: AnalystQuestion<T>,
): Promise<LlmRequest<T>> {
  const { snapshot } = await workspace.base.tip();
  const path = personaPath(ANALYST);
  const analyst = readAnalyst(path, await snapshot.text(path));
  const parts = analyst === undefined ? {} : { persona: renderPersona(analyst.persona) };
  const { opening, task, hash } = await renderPrompt(snapshot, prompt, variables, parts);
  return {
    tier,
    purpose: prompt,
    system: [{ text: opening, cached: true }],
    messages: [{ role: 'user', content: task }],
    schema,
    ...(analyst === undefined
      ? {}
      : { persona: { id: analyst.persona.id, version: analyst.persona.version } }),
    promptHash: hash,
  };
}

/** Without the analyst's file the question can be asked all the same. */
function readAnalyst(path: string, text: string | undefined): PersonaFile | undefined {
  if (text === undefined) return undefined;
  const read = readPersona(path, text);
  return read.ok ? read.file : undefined;
}
