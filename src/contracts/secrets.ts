/** A token does not begin in the middle of a word; the "n" of an escaped line end before it is none. */
const start = String.raw`(?<!(?<!\\)[A-Za-z0-9])`;
/** The same, for what may itself begin with such a letter. */
const startOrEscape = String.raw`(?<!(?<!\\)[A-Za-z0-9]|\\)`;

/** Shapes of tokens that must never reach a commit, a log or a pull request. */
const shapes: readonly (readonly [string, RegExp])[] = [
  ['an Anthropic key', /sk-ant-[A-Za-z0-9_-]{20,}/],
  ['an OpenAI key', new RegExp(`${start}sk-(?:proj-)?[A-Za-z0-9_-]{32,}`)],
  ['a GitHub token', /gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}/],
  ['a GitLab token', /glpat-[A-Za-z0-9_-]{20,}/],
  ['a Slack token', /xox[abprs]-[A-Za-z0-9-]{10,}/],
  ['an AWS access key', new RegExp(`${start}(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])`)],
  ['an npm token', new RegExp(`${start}npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])`)],
  // With all that follows and may be part of the key, also when its line ends are escaped.
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:\\[nrt]|[A-Za-z0-9+/=\s:,-])*/],
  // The scheme is bounded: without that, a long text of dots and letters takes quadratic time.
  [
    'a password in a URL',
    new RegExp(String.raw`${startOrEscape}[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"<>]*:[^\s/@"<>]+@`, 'i'),
  ],
];

/** What every one of these shapes holds. Most texts hold none of it, and are done with one look. */
const worthALook = /sk-|gh[pousr]_|github_pat_|glpat-|xox|A[KS]IA|npm_|PRIVATE KEY|:\/\//;

/** Says what kind of secret `text` seems to hold, if any. Never returns the secret. */
export function findSecret(text: string | undefined): string | undefined {
  if (text === undefined || !worthALook.test(text)) return undefined;
  return shapes.find(([, shape]) => shape.test(text))?.[0];
}

/** Replaces what looks like a secret, for messages that quote other programs. */
export function maskSecrets(text: string): string {
  if (!worthALook.test(text)) return text;
  return everyShape.reduce((masked, [label, shape]) => masked.replace(shape, `[${label}]`), text);
}

const everyShape = shapes.map(([label, shape]) => [label, new RegExp(shape, `${shape.flags}g`)] as const);
