/** The chance of one yes/no outcome at the success rate `rate`. */
export function chanceOf(success: boolean, rate: number): number {
  return success ? rate : 1 - rate;
}
