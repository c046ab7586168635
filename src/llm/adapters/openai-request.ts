import type { LlmBlock, LlmMessage } from '../llm.ts';
import type { Question } from './adapter.ts';
import { schemaInWords } from './schema-in-words.ts';

/** What differs between the servers that speak this protocol. */
export interface OpenaiDialect {
  /** How the form of an answer is asked for: by a field, or in words. */
  readonly schema: 'field' | 'words';
  /** What the field with the longest answer is called. */
  readonly limit: 'max_tokens' | 'max_completion_tokens';
}

/** The body of a question. */
export function openaiRequest(question: Question, dialect: OpenaiDialect): Record<string, unknown> {
  const { model, tools, answerSchema: schema, maxOutputTokens } = question;
  const words = schema !== undefined && dialect.schema === 'words' ? [schemaInWords(schema)] : [];
  const system = [...question.system.map(({ text }) => text), ...words].filter((text) => text !== '');
  return {
    model,
    messages: [
      ...(system.length > 0 ? [{ role: 'system', content: system.join('\n\n') }] : []),
      ...question.messages.flatMap(turns),
    ],
    [dialect.limit]: maxOutputTokens,
    stream: false,
    ...(tools.length > 0 && { tools: tools.map(tool) }),
    ...(schema !== undefined && dialect.schema === 'field' && { response_format: format(schema) }),
  };
}

/** One message here is as many as it has results of tools, and one for the rest. */
function turns({ role, content }: LlmMessage): Record<string, unknown>[] {
  if (typeof content === 'string') return [{ role, content }];
  const results = content.flatMap((block) =>
    block.type === 'tool_result' ? [{ role: 'tool', tool_call_id: block.id, content: block.content }] : [],
  );
  const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
  const calls = content.flatMap(toolCall);
  if (text === '' && calls.length === 0) return results;
  const rest = { role, content: text === '' ? null : text, ...(calls.length > 0 && { tool_calls: calls }) };
  return [...results, rest];
}

function toolCall(block: LlmBlock): Record<string, unknown>[] {
  if (block.type !== 'tool_use') return [];
  const { id, name, input } = block;
  return [{ id, type: 'function', function: { name, arguments: JSON.stringify(input) } }];
}

function tool({ name, description, inputSchema }: Question['tools'][number]): Record<string, unknown> {
  return { type: 'function', function: { name, description, parameters: inputSchema } };
}

/** Not strict: that takes only schemas without optional fields, and the answer is checked here anyway. */
function format(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { type: 'json_schema', json_schema: { name: 'answer', strict: false, schema } };
}
