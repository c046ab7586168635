const LINE_END = 10;

/**
 * The contents of segments as those of one: every byte, in order. A line end is added where the last line lacks
 * one, or the first record of the next segment would become a part of it.
 */
export function joinSegments(contents: readonly Buffer[]): Buffer {
  const lineEnd = Buffer.of(LINE_END);
  return Buffer.concat(
    contents.flatMap((content) =>
      content.length === 0 || content.at(-1) === LINE_END ? [content] : [content, lineEnd],
    ),
  );
}
