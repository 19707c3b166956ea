export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** `x`, `y`: the upper left corner. */
export type Area = Point & Size;

export function middle({ x, y, width, height }: Area): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** From the origin to the far corner of the last of them. */
export function extent(areas: readonly Area[]): Size {
  return {
    width: Math.max(0, ...areas.map(({ x, width }) => x + width)),
    height: Math.max(0, ...areas.map(({ y, height }) => y + height)),
  };
}
