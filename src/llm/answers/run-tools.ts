import type { Answer } from '../adapters/adapter.ts';
import { maskedMessage } from '../adapters/masked-message.ts';
import type { LlmBlock, LlmMessage, LlmTool } from '../llm.ts';
import { checkValue } from './check-value.ts';

type Answered = Extract<Answer, { result: 'answered' }>;
type ToolCall = Answered['toolCalls'][number];

/** Does what a model asked for, in its order, and says what came of it. What goes wrong is told to the model. */
export async function runTools(
  tools: readonly LlmTool[],
  { text, toolCalls }: Answered,
): Promise<LlmMessage[]> {
  const asked: LlmBlock[] = toolCalls.map((call) => ({ type: 'tool_use', ...call }));
  const said: LlmBlock[] = text.trim() === '' ? [] : [{ type: 'text', text }];
  const results: LlmBlock[] = [];
  for (const call of toolCalls) results.push(await runTool(tools, call));
  return [
    { role: 'assistant', content: [...said, ...asked] },
    { role: 'user', content: results },
  ];
}

async function runTool(tools: readonly LlmTool[], { id, name, input }: ToolCall): Promise<LlmBlock> {
  const failed = (content: string) => ({ type: 'tool_result', id, content, failed: true }) as const;
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined)
    return failed(`there is no tool of this name; there are: ${tools.map((one) => one.name).join(', ')}`);
  const checked = checkValue(tool.input, input);
  if (!checked.ok) return failed(checked.reason);
  try {
    return { type: 'tool_result', id, content: await tool.run(checked.value) };
  } catch (error) {
    return failed(maskedMessage(error instanceof Error ? error.message : String(error), undefined));
  }
}
