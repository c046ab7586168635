import { type Contract, toEntry, toLine } from '../../src/contracts/record.ts';
import { type Edit, editedPath } from '../../src/git/edit.ts';
import { segmentPath } from '../../src/ledger/paths.ts';

interface OpenSegment {
  readonly month: string;
  readonly number: number;
  readonly text: string;
}

/** Commits of a ledger as text for `git fast-import`, with records in segments as intake lays them out. */
export class FastImport {
  readonly #branch: string;
  readonly #segmentBytes: number;
  readonly #open = new Map<string, OpenSegment>();
  #isFirst = true;

  constructor(branch: string, segmentBytes: number) {
    this.#branch = branch;
    this.#segmentBytes = segmentBytes;
  }

  commit(
    message: string,
    at: Date,
    { contracts, edits }: { contracts: readonly Contract[]; edits: readonly Edit[] },
  ): string {
    const ref = `refs/heads/${this.#branch}`;
    const who = `Millwright <millwright@localhost> ${Math.floor(at.getTime() / 1_000)} +0000`;
    const from = this.#isFirst ? `from ${ref}^0\n` : '';
    this.#isFirst = false;
    const files = edits.map((edit) =>
      'content' in edit ? put(editedPath(edit), String(edit.content)) : `D ${editedPath(edit)}\n`,
    );
    return `commit ${ref}\ncommitter ${who}\n${data(message)}${from}${files.join('')}${this.#append(contracts, at)}\n`;
  }

  #append(contracts: readonly Contract[], at: Date): string {
    const changed = new Map<string, string>();
    for (const contract of contracts) {
      const kind = contract.kind.name;
      const line = toLine(toEntry(contract, at));
      const open = this.#roomFor(kind, at.toISOString().slice(0, 7), line);
      const text = open.text + line;
      this.#open.set(kind, { ...open, text });
      changed.set(segmentPath(kind, open.month, open.number), text);
    }
    return [...changed].map(([path, text]) => put(path, text)).join('');
  }

  /** All of it is plain ASCII: a letter is a byte. */
  #roomFor(kind: string, month: string, line: string): OpenSegment {
    const open = this.#open.get(kind);
    if (open === undefined || open.month !== month) return { month, number: 1, text: '' };
    if (open.text.length + line.length <= this.#segmentBytes) return open;
    return { month, number: open.number + 1, text: '' };
  }
}

function put(path: string, content: string): string {
  return `M 100644 inline ${path}\n${data(content)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
