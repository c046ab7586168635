import { type Issue, oneLine } from '../../contracts/issue.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import type { Finding } from './finding.ts';

/** An issue of a file as a finding. What it quotes comes from outside: it is masked, and on one line. */
export function issueFinding(
  rule: string,
  path: string,
  { line, field, expected, found, hint }: Issue,
  advice: string,
  severity: Finding['severity'] = 'error',
): Finding {
  return {
    path,
    ...(line === undefined ? {} : { line }),
    ...(field === '' ? {} : { field }),
    severity,
    rule,
    message: oneLine(maskSecrets(`expected ${expected}, found ${found}`)),
    hint: hint ?? advice,
  };
}
