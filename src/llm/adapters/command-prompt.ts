import type { LlmBlock, LlmMessage } from '../llm.ts';
import type { Question } from './adapter.ts';
import { schemaInWords } from './schema-in-words.ts';

/** A question as one text, for programs that take nothing else. */
export function commandPrompt({ system, messages, answerSchema }: Question): string {
  const only = messages.length === 1 && messages[0]?.role === 'user' ? messages[0] : undefined;
  return [
    ...system.map(({ text }) => text),
    ...(only === undefined ? messages.map(asSection) : [textOf(only.content)]),
    ...(answerSchema === undefined ? [] : [schemaInWords(answerSchema)]),
  ].join('\n\n');
}

function asSection({ role, content }: LlmMessage): string {
  return `# ${role === 'user' ? 'User' : 'Your answer'}\n\n${textOf(content)}`;
}

function textOf(content: LlmMessage['content']): string {
  return typeof content === 'string' ? content : content.map(blockText).join('\n\n');
}

function blockText(block: LlmBlock): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'tool_use':
      return `[asked for ${block.name}: ${JSON.stringify(block.input)}]`;
    case 'tool_result':
      return `[${block.failed === true ? 'failed' : 'result'}: ${block.content}]`;
  }
}
