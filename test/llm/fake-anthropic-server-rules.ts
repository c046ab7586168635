/** What the real API would say about a question that it does not take; undefined when it takes it. */
export function complaintAbout(body: unknown): string | undefined {
  if (!isRecord(body)) return 'the body is not JSON';
  if (typeof body.model !== 'string') return 'model: Field required';
  if (typeof body.max_tokens !== 'number') return 'max_tokens: Field required';
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    return 'messages: at least one message is required';
  }
  const blocks = [...listOf(body.system), ...body.messages.flatMap((m: unknown) => listOf(contentOf(m)))];
  if (blocks.some((block) => block.type === 'text' && block.text === '')) {
    return 'text content blocks must be non-empty';
  }
  if (blocks.filter((block) => block.cache_control !== undefined).length > 4) {
    return 'A maximum of 4 blocks with cache_control may be provided.';
  }
  return toolComplaint(body) ?? schemaComplaint(body.output_config) ?? orderComplaint(body.messages);
}

function toolComplaint(body: Record<string, unknown>): string | undefined {
  const bad = listOf(body.tools).find(({ input_schema: s }) => !isRecord(s) || s.type !== 'object');
  return bad && 'tools.0.input_schema.type: Input should be "object"';
}

function schemaComplaint(config: unknown): string | undefined {
  if (!isRecord(config) || !isRecord(config.format)) return undefined;
  if (config.format.type !== 'json_schema') return 'output_config.format.type: Input should be "json_schema"';
  return openObject(config.format.schema);
}

function openObject(schema: unknown): string | undefined {
  if (Array.isArray(schema)) return schema.map(openObject).find((complaint) => complaint !== undefined);
  if (!isRecord(schema)) return undefined;
  if (schema.type === 'object' && schema.additionalProperties !== false) {
    return "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false";
  }
  for (const keyword of ['minLength', 'maxLength', 'minimum', 'maximum', 'pattern', 'maxItems']) {
    if (keyword in schema && typeof schema[keyword] !== 'object') {
      return `output_config.format.schema: property '${keyword}' is not supported`;
    }
  }
  return openObject(Object.values(schema));
}

function orderComplaint(messages: readonly unknown[]): string | undefined {
  const late = messages.some((message) => {
    const types = listOf(contentOf(message)).map(({ type }) => type === 'tool_result');
    return types.lastIndexOf(true) > types.indexOf(false) && types.includes(false);
  });
  return late ? 'tool_result blocks must come first in the content of a message' : undefined;
}

function contentOf(message: unknown): unknown {
  return isRecord(message) ? message.content : undefined;
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
