/** Shorter than this, a quote is found in almost any text and shows nothing. Characters. */
const SHORTEST = 8;

/** Whether `text` holds the quote, word for word. White space counts as one space wherever there is some. */
export function findQuote(text: string, quote: string): boolean {
  const wanted = squeezed(quote);
  return wanted.length >= SHORTEST && squeezed(text).includes(wanted);
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
