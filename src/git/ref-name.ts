/** True for what `git check-ref-format` accepts as a full ref name. */
export function isRefName(ref: string): boolean {
  const parts = ref.split('/');
  return (
    parts.length > 1 &&
    parts.every(isPart) &&
    !/[\p{Cc}\p{Surrogate} ~^:?*[\\]|@\{|\.\./u.test(ref) &&
    !ref.endsWith('.')
  );
}

function isPart(part: string): boolean {
  return part !== '' && !part.startsWith('.') && !part.endsWith('.lock');
}
