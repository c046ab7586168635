/** A path as a part of an address, slash by slash. */
export function encodedPath(path: string): string {
  return path.split('/').map(encodedPart).join('/');
}

/** One part of an address. Brackets are encoded too: they would end a link in markdown. */
export function encodedPart(text: string): string {
  // Half of a character, which an address cannot hold, is replaced on the way through bytes.
  return encodeURIComponent(Buffer.from(text).toString('utf8')).replaceAll(
    /[()!'*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
