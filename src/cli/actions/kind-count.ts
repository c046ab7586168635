/** `1 outcome`, `2 patches`, `1,200 research signals` */
export function kindCount(n: number, kind: string): string {
  const words = kind.replaceAll('_', ' ');
  const isCounted = n === 1 || /\b(?:consumed|apply)$/.test(words);
  const more = /(?:s|ch)$/.test(words) ? `${words}es` : `${words}s`;
  return `${n.toLocaleString('en-US')} ${isCounted ? words : more}`;
}
