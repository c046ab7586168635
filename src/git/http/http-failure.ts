import type { MillwrightError } from '../../contracts/millwright-error.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import { remoteFailure } from '../remote-failure.ts';
import type { HttpAnswer } from './exchange.ts';

/** Says it in git's words, so that one table decides what the failure is. */
export function failureOf(remote: string, action: string, words: string, exit = 128): MillwrightError {
  return remoteFailure(remote, action, { code: exit, stdout: Buffer.alloc(0), stderr: maskSecrets(words) });
}

/** For an answer that is not a success. */
export function statusFailure(remote: string, action: string, answer: HttpAnswer): MillwrightError {
  return failureOf(
    remote,
    action,
    `${statusWords(remote, answer.status)}${explanation(answer)}`,
    answer.status,
  );
}

function statusWords(remote: string, status: number): string {
  if (status === 401) return `Authentication failed for '${remote}'`;
  if (status === 404) return `repository '${remote}' not found`;
  return `The requested URL returned error: ${status}`;
}

/** Forges explain a refusal in plain text. */
function explanation({ headers, body }: HttpAnswer): string {
  const text = body.toString('utf8').trim().slice(0, 300);
  return /^text\/plain/.test(headers['content-type'] ?? '') && text !== '' ? `\nremote: ${text}` : '';
}

/** For no answer at all. */
export function connectionFailure(
  remote: string,
  action: string,
  error: NodeJS.ErrnoException,
): MillwrightError {
  return failureOf(remote, action, `${connectionWords(error.code)}: ${error.message}`);
}

function connectionWords(code = ''): string {
  if (code === 'ECONNREFUSED') return 'Connection refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Could not resolve host';
  if (code === 'ETIMEDOUT') return 'Connection timed out';
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') return 'Network is unreachable';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'Connection reset';
  return code === '' ? 'unexpected answer' : `Failed to connect (${code})`;
}

/** Git has trust stores and schemes of its own: what this program does not trust may be fine with it. */
export function isUntrusted({ code = '' }: NodeJS.ErrnoException): boolean {
  return /CERT|^UNABLE_TO_|^ERR_TLS|^ERR_SSL|HOSTNAME_MISMATCH|^EPROTO$/.test(code);
}
