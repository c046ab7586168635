/** Takes a turn as this person. */
export type Act = <T>(who: string, work: () => T | Promise<T>) => Promise<T>;

/** Who acts when nobody is named. */
export const ADA = 'ada';
