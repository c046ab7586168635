/** The forms that an answer is written in. Parquet is not among them: DuckDB writes that itself. */
export const answerFormats = ['table', 'json', 'jsonl', 'csv', 'markdown', 'arrow'] as const;

export type AnswerFormat = (typeof answerFormats)[number];
