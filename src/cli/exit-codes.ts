/**
 * Exit codes, decided once. Anything that is not listed is 1.
 * 0 done, 1 failed, 2 called wrongly, 10 no workspace here, 11 held by another, 12 credentials missing or
 * refused, 13 lost the race against other writers, 14 nothing to claim, 130 interrupted.
 */
const byCode: Readonly<Record<string, number>> = {
  usage: 2,
  'no-workspace': 10,
  'no-repository': 10,
  taken: 11,
  'remote-credentials': 12,
  'github-no-token': 12,
  'github-unauthorized': 12,
  'lost-race': 13,
  'nothing-ready': 14,
  interrupted: 130,
};

export function exitCodeOf(errorCode: string): number {
  return byCode[errorCode] ?? 1;
}
