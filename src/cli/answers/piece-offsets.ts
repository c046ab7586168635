/** Where each piece begins when they lie one behind the other, and where the last one ends. */
export function pieceOffsets(pieces: readonly { readonly length: number }[]): Int32Array {
  const found = new Int32Array(pieces.length + 1);
  pieces.forEach(({ length }, index) => {
    found[index + 1] = (found[index] ?? 0) + length;
  });
  return found;
}
