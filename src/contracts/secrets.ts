/** Shapes of tokens that must never reach a commit, a log or a pull request. */
const shapes: readonly (readonly [string, RegExp])[] = [
  ['an Anthropic key', /\bsk-ant-[A-Za-z0-9_-]{20,}/],
  ['an OpenAI key', /\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/],
  ['a GitLab token', /\bglpat-[A-Za-z0-9_-]{20,}/],
  ['a Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a password in a URL', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/i],
];

/** Says what kind of secret `text` seems to hold, if any. Never returns the secret. */
export function findSecret(text: string | undefined): string | undefined {
  return text === undefined ? undefined : shapes.find(([, shape]) => shape.test(text))?.[0];
}

/** Replaces what looks like a secret, for messages that quote other programs. */
export function maskSecrets(text: string): string {
  return shapes.reduce(
    (masked, [label, shape]) => masked.replace(new RegExp(shape, `${shape.flags}g`), `[${label}]`),
    text,
  );
}
