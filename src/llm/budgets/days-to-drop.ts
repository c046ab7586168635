const DAY_MS = 86_400_000;
const KEPT_DAYS = 35;

/**
 * Which days are so far back that no clock that anybody works with shows them still. A clock may be wrong by weeks:
 * whoever drops a day that another machine still lives in lets its budget be spent twice. So the newest days stay
 * in any case, however far ahead the clock is that asks.
 * @param ids names of cells; what is no day is left alone
 * @param day the day by the clock of this machine, UTC
 */
export function daysToDrop(ids: readonly string[], day: string): string[] {
  const days = ids.filter((id) => /^\d{4}-\d{2}-\d{2}$/.test(id)).toSorted();
  const older = days.slice(0, Math.max(0, days.length - KEPT_DAYS));
  return older.filter((id) => Date.parse(day) - Date.parse(id) > KEPT_DAYS * DAY_MS);
}
