import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from 'yaml';

/** YAML 1.2 alone, whatever a %YAML line says: times stay text, "yes" stays a word, nothing is merged. */
const strict = {
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  // The composer holds each key against each other one: with many keys that takes minutes.
  uniqueKeys: false,
  // It would print warnings about the file to the terminal.
  logLevel: 'error',
} as const;

/** No contract comes near these. Five megabytes of "[" would otherwise take more memory than there is. */
const DEEPEST = 300;
const MOST_TOKENS = 500_000;

export interface ComposedYaml {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  /** Where a second document starts, if there is one. */
  readonly second: number | undefined;
}

/** Composes a text into a document with places. Throws RangeError for one that is too deep or has too many parts. */
export function composeYaml(text: string): ComposedYaml {
  const lines = new LineCounter();
  const composer = new Composer(strict);
  // With `true`, an empty text gives a document as well.
  const [document, second] = take(composer.compose(tokensOf(text, lines), true, text.length), 2);
  if (document === undefined) throw new Error('the YAML composer gave no document');
  return { document, lines, second: second?.range[0] };
}

function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    count += 1;
    if (parser.stack.length > DEEPEST || count > MOST_TOKENS)
      throw new RangeError('too deep or too many parts');
  }
  yield* parser.end();
}

function take<T>(items: Iterable<T>, most: number): T[] {
  const taken: T[] = [];
  for (const item of items) if (taken.push(item) === most) break;
  return taken;
}
