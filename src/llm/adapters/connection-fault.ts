import type { Fault } from './fault.ts';

/** Codes of errors that come before anything is sent. */
const unsent =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|UND_ERR_INVALID_ARG|ERR_INVALID_\w+|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+|UNABLE_TO_\w+)$/;

/**
 * What a network error means that came before any part of an answer. A question that may have reached the
 * provider may have been charged, and nobody knows.
 * @param tell masks a message
 */
export function connectionFault(error: unknown, tell: (message: string) => string): Fault {
  const { code, message } = deepest(error);
  return {
    result: 'fault',
    fault: 'connection',
    message: tell(`no answer: ${message}`),
    spent: unsent.test(code) ? 'nothing' : 'worst',
  };
}

/** Libraries wrap errors; what went wrong is said by the innermost one. */
function deepest(error: unknown): { code: string; message: string } {
  let found = { code: '', message: '' };
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth += 1) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : found.code;
    found = { code, message: at.message || code || found.message };
  }
  return found;
}
