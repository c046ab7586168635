import type Anthropic from '@anthropic-ai/sdk';
import type { LlmBlock, LlmMessage, SystemPart } from '../llm.ts';
import type { Question } from './adapter.ts';
import { anthropicFormat } from './anthropic-format.ts';
import { schemaInWords } from './schema-in-words.ts';

/** So many places can be marked to be kept; more are refused. */
const MOST_CACHED = 4;

/** A question as the provider takes it, streamed or in a batch. */
export async function anthropicParams(
  question: Question,
): Promise<Anthropic.MessageCreateParamsNonStreaming> {
  const { model, maxOutputTokens, tools, answerSchema } = question;
  const format = answerSchema && (await anthropicFormat(answerSchema));
  const words = answerSchema !== undefined && format === undefined ? schemaInWords(answerSchema) : '';
  const system = systemBlocks([...question.system, { text: words }]);
  return {
    model,
    max_tokens: maxOutputTokens,
    messages: question.messages.map(messageParam),
    ...(system.length > 0 && { system }),
    ...(tools.length > 0 && { tools: tools.map(toolParam) }),
    ...(format && { output_config: { format } }),
  };
}

/** The last marks count: each stands for everything before it, too. */
function systemBlocks(parts: readonly SystemPart[]): Anthropic.TextBlockParam[] {
  const told = parts.filter(({ text }) => text !== '');
  const marked = told.filter(({ cached }) => cached === true).slice(-MOST_CACHED);
  return told.map((part) => ({
    type: 'text',
    text: part.text,
    ...(marked.includes(part) && { cache_control: { type: 'ephemeral' as const } }),
  }));
}

function messageParam({ role, content }: LlmMessage): Anthropic.MessageParam {
  if (typeof content === 'string') return { role, content };
  const told = content.filter((block) => block.type !== 'text' || block.text !== '');
  // The results of tools have to come before anything else.
  const results = told.filter(({ type }) => type === 'tool_result');
  const others = told.filter(({ type }) => type !== 'tool_result');
  return { role, content: [...results, ...others].map(blockParam) };
}

function blockParam(block: LlmBlock): Anthropic.ContentBlockParam {
  if (block.type === 'text') return { type: 'text', text: block.text };
  if (block.type === 'tool_use') {
    return { type: 'tool_use', id: block.id, name: block.name, input: block.input };
  }
  const { id, content, failed = false } = block;
  return { type: 'tool_result', tool_use_id: id, content, ...(failed && { is_error: true }) };
}

function toolParam({ name, description, inputSchema }: Question['tools'][number]): Anthropic.Tool {
  return { name, description, input_schema: { ...inputSchema, type: 'object' } };
}
