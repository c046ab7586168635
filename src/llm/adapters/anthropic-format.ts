import type Anthropic from '@anthropic-ai/sdk';

/**
 * The form of the answer as the provider takes it: closed objects, and without the keywords that it refuses,
 * which become words of the description. undefined for a schema that this would change: one that leaves the
 * names of fields, or a type, open.
 */
export async function anthropicFormat(
  schema: Readonly<Record<string, unknown>>,
): Promise<Anthropic.JSONOutputFormat | undefined> {
  if (schema.type !== 'object' || hasOpenObject(schema)) return undefined;
  const { jsonSchemaOutputFormat } = await import('@anthropic-ai/sdk/helpers/json-schema');
  try {
    const format = jsonSchemaOutputFormat({ ...schema, type: 'object' });
    return { type: 'json_schema', schema: format.schema };
  } catch {
    return undefined;
  }
}

function hasOpenObject(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if ('type' in node && node.type === 'object' && !('properties' in node)) return true;
  return Object.values(node).some(hasOpenObject);
}
