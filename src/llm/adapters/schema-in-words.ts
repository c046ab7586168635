/** For a model whose server takes no schema of the answer: the same, said to the model. */
export function schemaInWords(schema: Readonly<Record<string, unknown>>): string {
  return [
    'Answer with one JSON value and nothing else: no introduction, no code fence.',
    'It has to fit this JSON Schema:',
    JSON.stringify(schema),
  ].join('\n');
}
