import { splitStatements } from './split-statements.ts';

/** What the lines of a person or a script come to. `line` counts from 1. */
export type ShellInput =
  | { readonly kind: 'meta'; readonly text: string; readonly line: number }
  | { readonly kind: 'statement'; readonly text: string; readonly line: number };

/** Collects lines until a statement is whole. A line that begins with a dot, between statements, is for the shell. */
export class StatementReader {
  #text = '';
  #firstLine = 1;
  #line = 0;

  /** Lines of a statement that waits for its semicolon. */
  get pending(): string {
    return this.#text;
  }

  take(line: string): ShellInput[] {
    this.#line += 1;
    if (this.#text === '') {
      this.#firstLine = this.#line;
      if (line.trimStart().startsWith('.')) return [{ kind: 'meta', text: line.trim(), line: this.#line }];
    }
    this.#text += `${line}\n`;
    // Without a semicolon nothing ends, and a script of many lines is not read anew for each of them.
    return line.includes(';') || this.#firstLine === this.#line ? this.#split() : [];
  }

  /** What is left is a statement too, when the input ends without a semicolon. */
  end(): ShellInput[] {
    const left = splitStatements(this.#text).rest === '' ? '' : this.#text.trim();
    const line = this.#firstLine;
    this.clear();
    return left === '' ? [] : [{ kind: 'statement', text: left, line }];
  }

  clear(): void {
    this.#text = '';
  }

  #split(): ShellInput[] {
    const text = this.#text;
    const { statements, rest, restStart } = splitStatements(text);
    const lineAt = (offset: number) => this.#firstLine + text.slice(0, offset).split('\n').length - 1;
    const found = statements.map(
      ({ sql, start }): ShellInput => ({ kind: 'statement', text: sql, line: lineAt(start) }),
    );
    this.#firstLine = lineAt(restStart);
    this.#text = rest;
    return found;
  }
}
