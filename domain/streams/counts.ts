/** How many there were: both are equal when they were counted at the very moment of the backup, else before and after it. */
export interface Counted {
  least: number;
  most: number;
}

export const countText = ({ least, most }: Counted): string => (least === most ? String(least) : `${least} to ${most}`);

/** So many of anything may come and go. */
export const few = 10;

/** Whether more are gone than a few, and than `mayShrinkPercent` allows for. */
export function isShrunk(then: number, left: number, mayShrinkPercent: number): boolean {
  return then - left > few && left < Math.floor((then * (100 - mayShrinkPercent)) / 100);
}
