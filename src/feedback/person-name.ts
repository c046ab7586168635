/** A person as others are told of them: git's e-mail address is nobody else's business. */
export function personName(who: string): string {
  const name = who.replace(/\s*<[^<>]*>\s*$/, '').trim();
  const shown = /^\S+@\S+$/.test(name) ? name.slice(0, name.lastIndexOf('@')) : name;
  return shown === '' ? 'a person' : shown;
}
