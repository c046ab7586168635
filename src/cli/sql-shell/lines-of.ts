import { StringDecoder } from 'node:string_decoder';

/** Lines of a stream without their ends. Only line feeds end a line: within a statement all else is data. */
export async function* linesOf(input: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let left = '';
  for await (const piece of input) {
    left += typeof piece === 'string' ? piece : decoder.write(Buffer.from(piece as Uint8Array));
    const lines = left.split('\n');
    left = lines.pop() ?? '';
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  left += decoder.end();
  if (left !== '') yield left;
}
